package content

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gloss/generator/diag"
	"golang.org/x/text/unicode/norm"
)

// texMacro is a command that a @preamble defines.
type texMacro struct {
	args int
	body string
}

// texReader turns the TeX of a value into text, with the few tags that CSL has.
type texReader struct {
	r      *bibReader
	s      string
	i      int
	at     func(int) int // where a byte of s stands in the file
	depth  int           // of groups
	deep   int           // of commands of a @preamble
	quotes int           // of \enquote
	math   bool
	quiet  bool // nothing is reported: nobody sees the text
}

// text is a value for readers.
func (r *bibReader) text(t *bibText) string { return r.tex2(t, false) }

func (r *bibReader) tex2(t *bibText, quiet bool) string {
	if !strings.ContainsAny(t.raw, "\\{}$~-`'\n\t\r") { // most of them
		return strings.Join(strings.Fields(t.raw), " ")
	}
	x := &texReader{r: r, s: t.raw, at: t.at, quiet: quiet}
	return finishTeX(x.group(0))
}

func finishTeX(s string) string {
	var b strings.Builder
	gap := false
	for _, c := range s {
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(c)
	}
	return norm.NFC.String(b.String())
}

// maxGroups is how deep braces are followed.
const maxGroups = 60

// group reads up to the end of a group, or of the text where stop is 0.
func (x *texReader) group(stop byte) string {
	var b strings.Builder
	math := x.math
	x.depth++
	defer func() { x.depth--; x.math = math }()
	for x.i < len(x.s) {
		c := x.s[x.i]
		if stop != 0 && c == stop {
			x.i++
			return b.String()
		}
		switch {
		case c == '{' && x.depth < maxGroups:
			x.i++
			b.WriteString(x.group('}'))
		case c == '{' || c == '}':
			x.i++
		case c == '\\':
			tag, text := x.command()
			b.WriteString(text)
			if tag != "" { // {\em to the end of its group}
				b.WriteString(wrapTeX(tag, x.group(stop)))
				return b.String()
			}
		case c == '$':
			x.i++
			b.WriteString(x.dollar())
		case x.math && (c == '_' || c == '^'):
			x.i++
			b.WriteString(x.script(c))
		case x.math && c == '-':
			x.i++
			b.WriteString("−")
		case x.math && c == '\'':
			x.i++
			b.WriteString("′")
		default:
			n := 0
			for _, l := range texLigatures {
				if strings.HasPrefix(x.s[x.i:], l[0]) {
					b.WriteString(l[1])
					n = len(l[0])
					break
				}
			}
			if n == 0 {
				n = 1
				b.WriteByte(c)
			}
			x.i += n
		}
	}
	return b.String()
}

var texLigatures = [][2]string{{"---", "—"}, {"--", "–"}, {"``", "“"}, {"''", "”"}, {"!`", "¡"}, {"?`", "¿"}, {"`", "‘"}, {"'", "’"}, {"~", "\u00A0"}}

// dollar reads what follows a $: mathematics, unless it has no partner or is plainly money.
func (x *texReader) dollar() string {
	if x.math {
		x.math = false
		return ""
	}
	n := strings.IndexByte(x.s[x.i:], '$')
	if n < 0 {
		return "$"
	}
	in := x.s[x.i : x.i+n]
	if n > 0 && in[0] >= '0' && in[0] <= '9' && !strings.ContainsAny(in, `\^_{}=+<>*/`) && strings.ContainsFunc(in, unicode.IsLetter) {
		x.i += n + 1
		return "$" + in + "$"
	}
	if n == 0 { // $$
		x.i++
		return ""
	}
	x.math = true
	return ""
}

// script reads what is raised or lowered.
func (x *texReader) script(c byte) string {
	arg := strings.TrimSpace(x.arg())
	switch {
	case arg == "":
		return ""
	case c == '^' && (arg == "∘" || arg == "°"):
		return "°"
	case c == '^' && strings.Trim(arg, "′") == "":
		return arg
	case c == '^':
		return wrapTeX("sup", arg)
	}
	return wrapTeX("sub", arg)
}

func wrapTeX(tag, s string) string {
	if strings.TrimSpace(s) == "" {
		return s
	}
	switch tag {
	case "sc":
		return `<span style="font-variant:small-caps;">` + s + "</span>"
	case "plain":
		return s
	}
	return "<" + tag + ">" + s + "</" + tag + ">"
}

func (x *texReader) spaces() {
	for x.i < len(x.s) && strings.IndexByte(" \t\r\n", x.s[x.i]) >= 0 {
		x.i++
	}
}

// arg reads the next argument of a command: a group, a command or a letter.
func (x *texReader) arg() string {
	x.spaces()
	if x.i >= len(x.s) || x.s[x.i] == '}' {
		return ""
	}
	switch x.s[x.i] {
	case '{':
		if x.depth >= maxGroups {
			return x.rawArg()
		}
		x.i++
		return x.group('}')
	case '\\':
		if x.depth >= maxGroups {
			x.i++
			return ""
		}
		x.depth++
		_, text := x.command()
		x.depth--
		return text
	}
	_, n := utf8.DecodeRuneInString(x.s[x.i:])
	x.i += n
	return x.s[x.i-n : x.i]
}

// rawArg is the next argument as it is written.
func (x *texReader) rawArg() string {
	x.spaces()
	if x.i >= len(x.s) || x.s[x.i] == '}' {
		return ""
	}
	if x.s[x.i] != '{' {
		n := 1
		if x.s[x.i] == '\\' && x.i+1 < len(x.s) {
			n = 2
		} else if x.s[x.i] >= utf8.RuneSelf {
			_, n = utf8.DecodeRuneInString(x.s[x.i:])
		}
		x.i += n
		return x.s[x.i-n : x.i]
	}
	a, depth := x.i+1, 0
	for ; x.i < len(x.s); x.i++ {
		switch x.s[x.i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				x.i++
				return x.s[a : x.i-1]
			}
		}
	}
	return x.s[min(a, len(x.s)):]
}

// optional skips an argument in square brackets.
func (x *texReader) optional() {
	if x.i < len(x.s) && x.s[x.i] == '[' {
		if n := strings.IndexByte(x.s[x.i:min(len(x.s), x.i+200)], ']'); n > 0 {
			x.i += n + 1
		}
	}
}

// command reads what starts with a backslash. A tag is for the rest of the group.
func (x *texReader) command() (tag, text string) {
	start := x.i
	x.i++
	if x.i >= len(x.s) {
		return "", ""
	}
	c, n := utf8.DecodeRuneInString(x.s[x.i:])
	if !isASCIILetter(c) {
		x.i += n
		return "", x.sign(c, start)
	}
	end := x.i
	for end < len(x.s) && isASCIILetter(rune(x.s[end])) {
		end++
	}
	name := x.s[x.i:end]
	x.i = end
	if x.i < len(x.s) && x.s[x.i] == '*' {
		x.i++
	}
	if m, ok := texMarks[name]; ok && (len(name) > 1 || !x.math) {
		return "", x.accent(m, name)
	}
	if m, ok := x.r.tex[name]; ok && x.deep < 12 {
		return "", x.macro(m, start)
	}
	if s, ok := texSymbols[name]; ok {
		x.spaces()
		return "", s
	}
	if t := texSwitches[name]; t != "" {
		x.spaces()
		return t, ""
	}
	if t := texWraps[name]; t != "" {
		x.optional()
		return "", wrapTeX(t, x.arg())
	}
	if around, ok := texAround[name]; ok {
		return "", around[0] + x.arg() + around[1]
	}
	switch name {
	case "enquote", "mkbibquote", "textquote", "q":
		pair := []string{"“", "”", "‘", "’"}[x.quotes%2*2:]
		x.quotes++
		s := x.arg()
		x.quotes--
		return "", pair[0] + s + pair[1]
	case "ensuremath":
		math := x.math
		x.math = true
		s := x.arg()
		x.math = math
		return "", s
	case "url", "nolinkurl", "path", "detokenize":
		return "", plainTeX(x.rawArg())
	case "uppercase", "MakeUppercase", "MakeTextUppercase", "textuppercase":
		return "", strings.ToUpper(x.arg())
	case "lowercase", "MakeLowercase", "MakeTextLowercase", "textlowercase":
		return "", strings.ToLower(x.arg())
	case "frac", "nicefrac", "sfrac", "tfrac", "dfrac":
		a := x.arg()
		return "", a + "⁄" + x.arg()
	case "sqrt":
		return "", "√" + x.arg()
	case "mathbb":
		return "", doubleStruck.Replace(x.arg())
	case "href", "foreignlanguage", "textcolor", "texorpdfstring", "bibhyperref": // the second says it
		x.optional()
		x.rawArg()
		return "", x.arg()
	case "vphantom", "hphantom", "phantom", "noopsort", "SortNoop", "NOOPSORT", "hspace", "vspace", "label", "index", "selectlanguage", "color", "fontsize", "kern", "providecommand":
		x.rawArg()
		return "", ""
	case "char", "symbol":
		digits := strings.TrimSpace(x.charCode())
		if n, err := strconv.ParseInt(strings.TrimPrefix(digits, `"`), map[bool]int{true: 16, false: 10}[strings.HasPrefix(digits, `"`)], 32); err == nil && n >= ' ' && n < unicode.MaxRune {
			return "", string(rune(n))
		}
	}
	x.report(`\`+name, start, end)
	return "", ""
}

// charCode is the number after \char, or in the braces of \symbol.
func (x *texReader) charCode() string {
	if x.i < len(x.s) && x.s[x.i] == '{' {
		return x.rawArg()
	}
	a := x.i
	for x.i < len(x.s) && strings.IndexByte("\"0123456789ABCDEF", x.s[x.i]) >= 0 {
		x.i++
	}
	return x.s[a:x.i]
}

func isASCIILetter(c rune) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// report says that a command is not known. What stands in its braces is kept.
func (x *texReader) report(name string, start, end int) {
	if x.quiet {
		return
	}
	at := x.at(start)
	x.r.once(name, diag.Finding{Severity: diag.Warning, Code: x.r.code, Span: x.r.span(at, max(at, min(len(x.r.src), at+end-start))),
		Message: fmt.Sprintf("the TeX command %s is not known, so only the words around it are shown", name), Hint: "write the sign itself, or leave the command out"})
}

// sign reads a command of one sign.
func (x *texReader) sign(c rune, start int) string {
	if m, ok := texMarks[string(c)]; ok && (!x.math || c != '\'' && c != '`' && c != '=' && c != '.') {
		return x.accent(m, string(c))
	}
	switch c {
	case '&', '%', '$', '_', '#', '{', '}':
		return string(c)
	case ' ', '\n', '\r', '\t', ';', ':', '>', '\\':
		return " "
	case ',':
		return "\u202F"
	case '!', '-', '/', '@', '*':
		return ""
	case '(', '[':
		x.math = true
		return ""
	case ')', ']':
		x.math = false
		return ""
	case '|':
		return "‖"
	}
	x.report(`\`+string(c), start, x.i)
	return string(c)
}

// accent puts a combining mark on the first letter of the argument.
func (x *texReader) accent(mark, name string) string {
	arg := x.arg()
	if strings.TrimSpace(arg) == "" {
		return map[string]string{"~": "~", "^": "^", "'": "´", "`": "`", `"`: "¨"}[name] + arg
	}
	_, n := utf8.DecodeRuneInString(arg)
	first, rest := arg[:n], arg[n:]
	if m, _ := utf8.DecodeRuneInString(mark); m < 0x0316 || m == 0x0342 { // above: the letter loses its dot
		first = strings.NewReplacer("ı", "i", "ȷ", "j").Replace(first)
	}
	for rest != "" { // marks that it has
		m, n := utf8.DecodeRuneInString(rest)
		if !unicode.Is(unicode.Mn, m) {
			break
		}
		first, rest = first+rest[:n], rest[n:]
	}
	return first + mark + rest
}

// macro writes out a command of a @preamble.
func (x *texReader) macro(m texMacro, start int) string {
	pairs := make([]string, 0, 2*m.args)
	for n := range m.args {
		pairs = append(pairs, "#"+strconv.Itoa(n+1), x.rawArg())
	}
	body := strings.NewReplacer(pairs...).Replace(m.body)
	if x.r.grown += len(body); x.r.grown > 4<<20 {
		return ""
	}
	at := x.at(start)
	y := &texReader{r: x.r, s: body, at: func(int) int { return at }, depth: x.depth, deep: x.deep + 1, math: x.math, quiet: x.quiet}
	return y.group(0)
}

// define reads the definitions of a @preamble.
func (r *bibReader) define(s string) {
	for i := strings.IndexByte(s, '\\'); i >= 0 && i < len(s); {
		x := &texReader{r: r, s: s, i: i + 1}
		end := x.i
		for end < len(s) && isASCIILetter(rune(s[end])) {
			end++
		}
		word := s[x.i:end]
		x.i = end
		if word == "newcommand" || word == "renewcommand" || word == "providecommand" || word == "DeclareRobustCommand" || word == "def" {
			if x.i < len(s) && s[x.i] == '*' {
				x.i++
			}
			var name string
			if x.spaces(); x.i < len(s) && s[x.i] == '\\' {
				for end = x.i + 1; end < len(s) && isASCIILetter(rune(s[end])); end++ {
				}
				name, x.i = s[x.i:end], end
			} else {
				name = x.rawArg()
			}
			m := texMacro{}
			for x.spaces(); x.i+2 < len(s) && (s[x.i] == '[' && s[x.i+2] == ']' || s[x.i] == '#'); x.spaces() {
				if n := int(s[x.i+1]) - '0'; n > 0 && n < 10 {
					m.args = n
				}
				x.i += map[byte]int{'[': 3, '#': 2}[s[x.i]]
			}
			m.body = x.rawArg()
			if name = strings.TrimPrefix(strings.TrimSpace(name), `\`); name != "" && len(m.body) < 1000 {
				r.tex[name] = m
			}
		}
		i = max(x.i, end)
		n := strings.IndexByte(s[i:], '\\')
		if n < 0 {
			return
		}
		i += n
	}
}

var texPlain = strings.NewReplacer(`\textasciitilde{}`, "~", `\textasciitilde`, "~", `\textasciicircum{}`, "^", `\textunderscore{}`, "_", `\textunderscore`, "_", `\textbackslash{}`, `\`,
	`{\textasciitilde}`, "~", `\~{}`, "~", `\string~`, "~", `$\sim$`, "~", `{$\sim$}`, "~", `\sim`, "~", `\_`, "_", `\%`, "%", `\&`, "&", `\#`, "#", `\$`, "$", `\~`, "~", `\-`, "-", `\/`, "/", "{", "", "}", "", "\n", "", "\r", "", "\t", "", `\allowbreak`, "",
	`\url`, "", `\path`, "")

// plainTeX reads what is no TeX, such as an address, in which some programs escape a few signs all the same.
func plainTeX(s string) string {
	return strings.TrimSpace(texPlain.Replace(s))
}
