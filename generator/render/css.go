package render

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tdewolff/minify/v2"
	mincss "github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// The tokens of a stylesheet are those of tdewolff/parse, which follow CSS Syntax Level 3 §4. Rules are made of them here
// (§5 of it, and CSS Nesting), since the parser of that package loses where a token stands, and nested rules that do not
// start with a name.

// cssToken is a token with its place in the file.
type cssToken struct {
	typ      css.TokenType
	from, to int
}

// cssReader reads the tokens of a stylesheet into rules.
type cssReader struct {
	file   string
	text   []byte // without control characters, each byte where it stands in the file
	toks   []cssToken
	sheet  *sheet
	lost   bool     // the end of the file is in a comment
	before []string // the names of at-rules, and "" for other rules, in their order
	urls   []Address
	found  []diag.Finding
}

// rootMark stands in a stylesheet where a page has the relative path to the site's root. It is no text of a stylesheet,
// in which control characters are read as blanks.
const rootMark = "\x01"

// knownAtRules are what browsers know, without those that have a vendor's name.
var knownAtRules = strings.Fields("charset color-profile container counter-style custom-media custom-selector document font-face font-feature-values font-palette-values function import keyframes layer media namespace page position-try property scope starting-style supports view-transition viewport")

// groupRules are at-rules that hold rules and show them all or none.
var groupRules = strings.Fields("media supports container layer document starting-style")

// readStyle reads a stylesheet.
func readStyle(f content.File) (sheet, []Address, []diag.Finding) {
	s := newSheet()
	r := &cssReader{file: f.Name, sheet: &s, text: bytes.Clone(f.Text)}
	for i, c := range r.text {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' {
			r.text[i] = ' '
		}
	}
	r.lex()
	s.rules = r.rules(0, len(r.toks))
	s.marks = len(r.urls) > 0
	return s, r.urls, r.found
}

// lex cuts the text into tokens, and reports those that do not end.
func (r *cssReader) lex() {
	at := 0
	if bytes.HasPrefix(r.text, []byte("\ufeff")) {
		at = len("\ufeff")
	}
	l := css.NewLexer(parse.NewInputBytes(bytes.Clone(r.text[at:])))
	for {
		typ, data := l.Next()
		if typ == css.ErrorToken {
			return
		}
		t := cssToken{typ, at, at + len(data)}
		at = t.to
		switch last := data[len(data)-1]; {
		case typ == css.CommentToken && (len(data) < 4 || !bytes.HasSuffix(data, []byte("*/"))):
			r.bad(diag.Error, t, "write */ where it ends", "this comment never ends, so that all behind it is lost")
			r.lost = true
			return
		case typ == css.BadStringToken, typ == css.StringToken && (len(data) < 2 || last != data[0]):
			r.bad(diag.Error, t, "write "+string(data[:1])+" where it ends, in the same line", "this text in quotation marks never ends")
		case typ == css.BadURLToken, typ == css.URLToken && last != ')':
			r.bad(diag.Error, t, `put the address into quotation marks: url("…")`, "this address cannot be read")
		}
		r.toks = append(r.toks, t)
	}
}

// block is what is known of the inside of a rule.
type block struct {
	parts  []declared
	uses   []int // the custom properties that it asks for
	nested bool  // it holds rules
}

// declared is a declaration.
type declared struct {
	text string
	n    int   // the number of the custom property that it sets, or -1
	uses []int // the numbers of those that it asks for
}

// bad reports a slip at the first line of a token.
func (r *cssReader) bad(level diag.Severity, t cssToken, hint, format string, args ...any) {
	to := t.to
	if i := bytes.IndexAny(r.text[t.from:to], "\r\n"); i > 0 {
		to = t.from + i
	}
	r.found = append(r.found, diag.Finding{Code: "bad-style", Severity: level, Span: diag.Span{File: r.file, Start: t.from, End: to}, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (r *cssReader) raw(from, to int) string {
	if from >= to {
		return ""
	}
	return string(r.text[r.toks[from].from:r.toks[to-1].to])
}

func (r *cssReader) data(i int) string { return string(r.text[r.toks[i].from:r.toks[i].to]) }

// blank says whether a token is a blank or a comment.
func blank(t cssToken) bool { return t.typ == css.WhitespaceToken || t.typ == css.CommentToken }

func (r *cssReader) skip(i, end int) int {
	for i < end && blank(r.toks[i]) {
		i++
	}
	return i
}

// trim is the end of a stretch without the blanks at its end.
func (r *cssReader) trim(from, to int) int {
	for to > from && blank(r.toks[to-1]) {
		to--
	}
	return to
}

// closers are the tokens that end what others open.
var closers = map[css.TokenType]css.TokenType{css.LeftBraceToken: css.RightBraceToken, css.LeftBracketToken: css.RightBracketToken, css.LeftParenthesisToken: css.RightParenthesisToken, css.FunctionToken: css.RightParenthesisToken}

// after returns where the block or brackets that open at i are closed: behind that token, or end when they never are.
func (r *cssReader) after(i, end int) (next int, closed bool) {
	var open []css.TokenType
	for ; i < end; i++ {
		t := r.toks[i].typ
		if c, ok := closers[t]; ok {
			open = append(open, c)
		} else if len(open) > 0 && t == open[len(open)-1] {
			if open = open[:len(open)-1]; len(open) == 0 {
				return i + 1, true
			}
		}
	}
	return end, false
}

// until returns the first token from i on that is one of some types and in no brackets, or end. A block that starts is not
// passed over.
func (r *cssReader) until(i, end int, types ...css.TokenType) int {
	for i < end {
		t := r.toks[i].typ
		if slices.Contains(types, t) {
			return i
		}
		if _, opens := closers[t]; opens {
			next, closed := r.after(i, end)
			if !closed {
				// Brackets that are never closed take everything with them in a browser. To say more about the rest, they are taken to
				// end where the next block or declaration starts.
				if t != css.LeftBraceToken {
					r.bad(diag.Error, r.toks[i], "write the closing one", "this %s is never closed", r.data(i)[len(r.data(i))-1:])
					i++
					continue
				}
			}
			i = next
			continue
		}
		i++
	}
	return end
}

// block returns the tokens of the block that opens at i, and where the next thing starts. A block that does not end is
// reported as what it belongs to, which starts at head.
func (r *cssReader) block(i, end, head int) (from, to, next int) {
	next, closed := r.after(i, end)
	if !closed && r.lost {
		return i + 1, end, end
	}
	if !closed {
		t := r.toks[head]
		t.to = r.toks[i].to
		r.bad(diag.Error, t, "write } where this rule ends", "this { is never closed, so that all behind it is lost")
		return i + 1, end, end
	}
	return i + 1, next - 1, next
}

// rules reads a list of rules.
func (r *cssReader) rules(i, end int) []rule {
	var out []rule
	for {
		for i < end && (blank(r.toks[i]) || r.toks[i].typ == css.CDOToken || r.toks[i].typ == css.CDCToken) {
			i++
		}
		if i >= end {
			return out
		}
		switch r.toks[i].typ {
		case css.RightBraceToken:
			r.bad(diag.Error, r.toks[i], "remove it, or write the { that it shall close", "this } closes nothing, and browsers lose the rule behind it")
			i++
		case css.SemicolonToken:
			r.bad(diag.Warning, r.toks[i], "remove it", "browsers lose the rule behind this ;")
			i++
		case css.AtKeywordToken:
			var made *rule
			if made, i = r.atRule(i, end); made != nil {
				out = append(out, *made)
			}
		default:
			r.lineComment(i, end)
			open := r.until(i, end, css.LeftBraceToken, css.RightBraceToken)
			if open == end || r.toks[open].typ == css.RightBraceToken {
				t := r.toks[i]
				t.to = r.toks[r.trim(i, open)-1].to
				r.bad(diag.Warning, t, "write what it shall do in { and }, or remove it", "this is no rule: { is missing")
				i = open
				continue
			}
			r.before = append(r.before, "")
			from, to, next := r.block(open, end, i)
			if made, ok := r.styleRule(i, open, from, to); ok {
				out = append(out, made)
			}
			i = next
		}
	}
}

// lineComment reports // where a rule or declaration starts.
func (r *cssReader) lineComment(i, end int) bool {
	if i+1 < end && r.data(i) == "/" && r.data(i+1) == "/" && r.toks[i].to == r.toks[i+1].from {
		t := r.toks[i]
		t.to = r.toks[i+1].to
		r.bad(diag.Warning, t, "write /* … */", "// starts no comment in a stylesheet, and browsers lose what follows")
		return true
	}
	return false
}

// styleRule makes a rule of a selector and its block.
func (r *cssReader) styleRule(head, open, from, to int) (rule, bool) {
	made := rule{selectors: r.selectors(head, r.trim(head, open))}
	var in block
	made.text = "{" + r.declarations(from, to, &in, true) + "}"
	made.uses = in.uses
	if !in.nested && !slices.ContainsFunc(made.selectors, func(s selector) bool { return !strings.HasPrefix(s.text, ":root") }) {
		made.parts = in.parts
	}
	return made, made.text != "{}"
}

// atRule reads an at-rule, and returns nil for one without effect.
func (r *cssReader) atRule(i, end int) (*rule, int) {
	name := strings.ToLower(cssText(r.data(i)[1:]))
	if !strings.HasPrefix(name, "-") && !slices.Contains(knownAtRules, name) {
		hint := "remove it, or write it as browsers know it"
		if near := diag.Suggest(name, knownAtRules); near != "" {
			hint = fmt.Sprintf("did you mean @%s?", near)
		}
		r.bad(diag.Warning, r.toks[i], hint, "browsers know no @%s", name)
	}
	if at := strings.LastIndexByte(name, '-'); strings.HasPrefix(name, "-") && at > 0 { // -webkit-keyframes
		name = name[at+1:]
	}
	open := r.until(i+1, end, css.LeftBraceToken, css.SemicolonToken, css.RightBraceToken)
	head := "@" + r.data(i)[1:] + r.prelude(i+1, r.trim(i+1, open), name == "import")
	if open == end || r.toks[open].typ != css.LeftBraceToken {
		next := open
		if open < end && r.toks[open].typ == css.SemicolonToken {
			next++
		}
		if name == "charset" {
			return nil, next // a page has its own
		}
		if name == "import" && slices.ContainsFunc(r.before, func(s string) bool { return s != "import" && s != "layer" }) {
			r.bad(diag.Warning, r.toks[i], "put it above all rules", "browsers ignore an @import that stands below a rule")
		}
		r.before = append(r.before, name)
		return &rule{text: head + ";"}, next
	}
	r.before = append(r.before, "{"+name)
	from, to, next := r.block(open, end, i)
	switch {
	case slices.Contains(groupRules, name):
		return &rule{text: head + "{", inner: r.rules(from, to), group: true, stays: name == "layer"}, next // whose first places are their order
	case name == "keyframes":
		return &rule{text: head + "{" + r.keyframes(from, to) + "}"}, next
	}
	var in block
	body := r.declarations(from, to, &in, true)
	return &rule{text: head + "{" + body + "}", uses: in.uses}, next
}

// keyframes writes the rules of an animation.
func (r *cssReader) keyframes(i, end int) string {
	var b strings.Builder
	for {
		if i = r.skip(i, end); i >= end {
			return b.String()
		}
		open := r.until(i, end, css.LeftBraceToken)
		if open == end {
			r.bad(diag.Warning, r.toks[i], "write from, to or 50% and a block", "this is no step of an animation")
			return b.String()
		}
		from, to, next := r.block(open, end, i)
		var in block
		b.WriteString(r.compact(i, r.trim(i, open), ",") + "{" + r.declarations(from, to, &in, false) + "}")
		r.sheet.always = append(r.sheet.always, in.uses...)
		i = next
	}
}

// prelude writes what stands between the name of an at-rule and its block or semicolon.
func (r *cssReader) prelude(i, end int, imports bool) string {
	i = r.skip(i, end)
	if i >= end {
		return ""
	}
	if imports {
		r.addresses(i, end, true)
	}
	text := r.compact(i, end, ",(:")
	if imports {
		text = marked(text, true)
	}
	if text[0] == '(' {
		return text
	}
	return " " + text
}

// compact writes tokens without comments and with blanks only where they may matter: not behind one of tight, and not
// before ) or a comma.
func (r *cssReader) compact(from, to int, tight string) string {
	var b strings.Builder
	space := false
	last := byte(',')
	for _, t := range r.toks[from:to] {
		if blank(t) {
			space = space || t.typ == css.WhitespaceToken || last != ','
			continue
		}
		data := r.text[t.from:t.to]
		if space && !strings.ContainsRune(tight, rune(last)) && data[0] != ')' && data[0] != ',' && (data[0] != '{' || b.Len() > 0) {
			b.WriteByte(' ')
		}
		space = false
		b.WriteString(clean(data))
		last = data[len(data)-1]
	}
	return b.String()
}

// clean writes a token as the text of a page may hold it: with \n at the ends of lines, as a browser hashes it, and
// without the end tag of the element around it.
func clean(data []byte) string {
	s := strings.ReplaceAll(strings.ReplaceAll(string(data), "\r\n", "\n"), "\r", "\n")
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	for i := 0; ; i++ {
		at := strings.Index(s[i:], "</")
		if at < 0 {
			return s
		}
		if i += at; len(s) >= i+7 && strings.EqualFold(s[i+2:i+7], "style") {
			s = s[:i+1] + `\` + s[i+1:]
		}
	}
}

// declarations writes the inside of a block: declarations and, if they may stand there, nested rules.
func (r *cssReader) declarations(i, end int, of *block, nests bool) string {
	var b strings.Builder
	open := false // a declaration waits for its ;
	write := func(text string, declares bool) {
		if text == "" {
			return
		}
		if open {
			b.WriteByte(';')
		}
		b.WriteString(text)
		open = declares
	}
	for {
		for i < end && (blank(r.toks[i]) || r.toks[i].typ == css.SemicolonToken) {
			i++
		}
		if i >= end {
			return b.String()
		}
		t := r.toks[i]
		if t.typ == css.AtKeywordToken {
			of.nested = true
			stop := r.until(i, end, css.LeftBraceToken, css.SemicolonToken)
			if stop == end || r.toks[stop].typ == css.SemicolonToken {
				made, next := r.atRule(i, end)
				if made != nil {
					write(strings.TrimSuffix(made.text, ";"), true)
				}
				i = next
				continue
			}
			from, to, next := r.block(stop, end, i)
			write(r.data(i)+r.prelude(i+1, r.trim(i+1, stop), false)+"{"+r.declarations(from, to, of, nests)+"}", false)
			i = next
			continue
		}
		if t.typ == css.CustomPropertyNameToken {
			stop := r.valueEnd(i, end)
			r.declaration(i, stop, of, write)
			i = stop
			continue
		}
		stop := r.until(i, end, css.SemicolonToken, css.LeftBraceToken, css.RightBraceToken)
		if stop < end && r.toks[stop].typ == css.LeftBraceToken && nests {
			r.lineComment(i, end)
			of.nested = true
			from, to, next := r.block(stop, end, i)
			head := r.selectors(i, r.trim(i, stop))
			var texts []string
			for _, s := range head {
				texts = append(texts, s.text)
			}
			if body := r.declarations(from, to, of, nests); body != "" {
				write(strings.Join(texts, ",")+"{"+body+"}", false)
			}
			i = next
			continue
		}
		stop = r.valueEnd(i, end)
		r.declaration(i, stop, of, write)
		i = stop
	}
}

// valueEnd is the end of a declaration: its semicolon, or the end of the block.
func (r *cssReader) valueEnd(i, end int) int {
	for i < end && r.toks[i].typ != css.SemicolonToken {
		if _, opens := closers[r.toks[i].typ]; opens {
			next, closed := r.after(i, end)
			if !closed && r.toks[i].typ != css.LeftBraceToken {
				r.bad(diag.Error, r.toks[i], "write the closing one", "this %s is never closed", r.data(i)[len(r.data(i))-1:])
				return r.until(i+1, end, css.SemicolonToken)
			}
			i = next
			continue
		}
		i++
	}
	return min(i, end)
}

// declaration writes one declaration.
func (r *cssReader) declaration(from, to int, of *block, write func(string, bool)) {
	to = r.trim(from, to)
	name := from
	if name < to && r.data(name) == "*" { // which only Internet Explorer read
		name++
	}
	colon := r.skip(name+1, to)
	whole := r.toks[from]
	whole.to = r.toks[to-1].to
	if r.lineComment(from, to) {
		return
	}
	ok := name < to && (r.toks[name].typ == css.IdentToken || r.toks[name].typ == css.CustomPropertyNameToken)
	if !ok || colon >= to || r.toks[colon].typ != css.ColonToken {
		hint := "write name: value;"
		if slices.ContainsFunc(r.toks[from:to], func(t cssToken) bool { return t.typ == css.ColonToken }) {
			hint = "write name: value; and start the name with a letter or -"
		}
		r.bad(diag.Warning, whole, hint, "this is no declaration, and browsers skip it")
		return
	}
	prop := r.data(name)
	value := r.skip(colon+1, to)
	r.addresses(value, to, false)
	custom := r.toks[name].typ == css.CustomPropertyNameToken
	if !custom {
		if second := r.until(value, to, css.ColonToken); second < to && second-1 > value && !strings.EqualFold(prop, "filter") && !strings.HasPrefix(prop, "-ms-") {
			at := second - 1
			for at > value && blank(r.toks[at]) {
				at--
			}
			if r.toks[at].typ == css.IdentToken || r.toks[at].typ == css.CustomPropertyNameToken {
				r.bad(diag.Warning, r.toks[at], "write ; before "+r.data(at), "a ; is missing before %s, and browsers skip both", r.data(at))
			}
		}
	}
	d := declared{n: -1, uses: r.sheet.variables(r.toks[value:to], r.text)}
	if custom {
		d.n = r.sheet.number(r.sheet.vars, prop)
		d.text = prop + ":" + r.customValue(value, to)
	} else {
		d.text = minifyDeclaration(clean(r.text[r.toks[from].from:r.toks[to-1].to]))
	}
	d.text = marked(d.text, false)
	of.uses = append(of.uses, d.uses...)
	of.parts = append(of.parts, d)
	write(d.text, true)
}

// customValue writes the value of a custom property. Its blanks may matter to scripts; runs of them and those behind
// commas do not.
func (r *cssReader) customValue(from, to int) string {
	text := r.compact(from, to, ",")
	if text == "" {
		return " "
	}
	return text
}

// minifyDeclaration writes a declaration in fewer bytes.
func minifyDeclaration(text string) string {
	var b bytes.Buffer
	if err := (&mincss.Minifier{Inline: true}).Minify(minify.New(), &b, strings.NewReader(text), nil); err != nil || b.Len() == 0 {
		return text
	}
	return b.String()
}

// cssText resolves the escapes of a name or text (CSS Syntax Level 3 §4.3.7).
func cssText(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		n := 0
		for n < 6 && i+n < len(s) && strings.IndexByte("0123456789abcdefABCDEF", s[i+n]) >= 0 {
			n++
		}
		switch {
		case n > 0:
			c, _ := strconv.ParseUint(s[i:i+n], 16, 32)
			if c == 0 || c > utf8.MaxRune || c >= 0xd800 && c < 0xe000 {
				c = utf8.RuneError
			}
			b.WriteRune(rune(c))
			i += n - 1
			if strings.HasPrefix(s[i+1:], "\r\n") {
				i++
			}
			if i+1 < len(s) && strings.IndexByte(" \t\n\r\f", s[i+1]) >= 0 {
				i++
			}
		case s[i] == '\n' || s[i] == '\f': // a text goes on in the next line
		case s[i] == '\r':
			if i+1 < len(s) && s[i+1] == '\n' {
				i++
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
