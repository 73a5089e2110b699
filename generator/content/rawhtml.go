package content

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"golang.org/x/net/html"

	"gloss/generator/diag"
)

// With raw_html = true in site.toml, HTML in markdown is passed on to the page. Its addresses become references, as those
// of markdown are; what the Content-Security-Policy of a page blocks and what would break the page is reported.

// passedTag is a tag that the writer typed, where it stands in the body that is being written.
type passedTag struct {
	name     string // in small letters; "" for the content of a script or the like, which is no HTML
	closes   bool
	closed   bool // <x/>
	from, to Pos
	span     diag.Span
}

// passedAttr is an attribute of a tag. Offsets are those of the tag's text.
type passedAttr struct {
	name       string // in small letters
	value      string // with character references resolved
	start      int    // of the name
	from, to   int    // the value as typed, without quotation marks
	outer, end int    // the value with its quotation marks; end is that of the name where there is no value
	has        bool   // there is a value
}

// addressUse is what a browser does with the address of an attribute, which decides what the policy allows.
type addressUse string

const (
	useLink     addressUse = "link"     // a reader follows it
	usePicture  addressUse = "picture"  // img-src 'self' data:
	usePictures addressUse = "pictures" // the same, in a list of candidates (srcset)
	useMedia    addressUse = "media"    // default-src 'self'
	useFrame    addressUse = "frame"    // default-src 'self'
	useScript   addressUse = "script"   // script-src 'self'
	useStyle    addressUse = "style"    // style-src 'self'
	useFile     addressUse = "file"     // default-src 'self'
	usePing     addressUse = "ping"     // default-src 'self'
)

// addresses are the attributes that hold one, by element; "" is any element (HTML Standard, section "Attributes").
var addresses = map[string]map[string]addressUse{
	"":           {"background": usePicture},
	"a":          {"href": useLink, "xlink:href": useLink, "ping": usePing},
	"area":       {"href": useLink, "ping": usePing},
	"form":       {"action": useLink},
	"button":     {"formaction": useLink},
	"input":      {"formaction": useLink, "src": usePicture},
	"blockquote": {"cite": useLink}, "q": {"cite": useLink}, "ins": {"cite": useLink}, "del": {"cite": useLink},
	"img":     {"src": usePicture, "srcset": usePictures, "longdesc": useLink},
	"image":   {"href": usePicture, "xlink:href": usePicture},
	"feimage": {"href": usePicture, "xlink:href": usePicture},
	"video":   {"src": useMedia, "poster": usePicture},
	"audio":   {"src": useMedia},
	"track":   {"src": useMedia},
	"source":  {"src": useMedia, "srcset": usePictures},
	"iframe":  {"src": useFrame},
	"script":  {"src": useScript, "href": useScript, "xlink:href": useScript},
	"use":     {"href": useFile, "xlink:href": useFile},
	"link":    {"href": useFile, "imagesrcset": usePictures},
}

// elsewhere says, for each use, what is blocked when the address is that of another site, and what to do instead.
var elsewhere = map[addressUse][2]string{
	usePicture:  {"a picture from another site", "save the picture into content/ and write its file name"},
	usePictures: {"a picture from another site", "save the picture into content/ and write its file name"},
	useMedia:    {"sound or film from another site", "save the file into content/ and write its name, or link to the page that shows it"},
	useFrame:    {"a frame with a page of another site", "link to that page: [words](address)"},
	useScript:   {"a script from another site", "save it into static/ and write its file name, if you trust it"},
	useStyle:    {"a stylesheet from another site", "save its rules into static/style.css"},
	useFile:     {"a file from another site", "save the file into content/ and write its name"},
	usePing:     {"a message to another site", "remove ping"},
}

// layoutTags are elements that belong to a layout: in a text they end it, hide what follows, or change every address.
var layoutTags = map[string]string{"html": "", "head": "", "body": "", "title": "", "base": "it changes every address on the page", "frame": "", "frameset": "", "noframes": "", "plaintext": "it shows the rest of the page as it is written"}

// blockedTags are elements that the policy blocks whatever they hold (object-src 'none').
var blockedTags = []string{"object", "embed", "applet"}

// voidTags have no end (HTML Standard, section "Elements").
var voidTags = strings.Fields("area base br col embed hr img input link meta param source track wbr")

// optionalEnds are elements whose end may be left out (HTML Standard, section "Optional tags").
var optionalEnds = strings.Fields("li dt dd p rt rp optgroup option colgroup caption thead tbody tfoot tr td th")

// paragraphEnds are the elements before which a browser ends a paragraph (HTML Standard, section "The p element").
var paragraphEnds = strings.Fields("address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre search section table ul")

// passHTML writes HTML of the writer's as it stands, with its addresses as references. raw is the HTML, and at has the
// place of each of its bytes in the text at hand. ends says whether the end of an element stands right behind it.
func (b *builder) passHTML(raw []byte, at []int, ends func(name string) bool) {
	z := html.NewTokenizer(bytes.NewReader(raw))
	span := func(from, to int) diag.Span {
		if from >= to {
			return b.span(at[min(from, len(at)-1)], at[min(from, len(at)-1)])
		}
		return b.span(at[from], at[to-1]+1)
	}
	inside := "" // the element whose content is no HTML
	for pos := 0; pos < len(raw); {
		kind := z.Next()
		from, tok := pos, bytes.Clone(z.Raw())
		if kind == html.ErrorToken {
			tok = raw[from:]
		}
		pos += len(tok)
		where := span(from, pos)
		switch kind {
		case html.ErrorToken:
			b.add("bad-html", b.firstLineOf(where), "write > at its end", "this tag never ends")
			b.plainText(string(tok))
		case html.TextToken:
			start := b.pos()
			b.html(string(tok))
			if inside != "" {
				b.htmlTags = append(b.htmlTags, passedTag{from: start, to: b.pos()})
				if inside == "noscript" { // which readers without scripts see
					b.buf = b.buf[:len(b.buf)-len(tok)]
					b.htmlTags = b.htmlTags[:len(b.htmlTags)-1]
					b.passHTML(tok, at[from:pos], ends)
				}
			}
		case html.CommentToken:
			b.cutSpan(where, "") // nobody is shown what it says
			switch {
			case !bytes.HasPrefix(tok, []byte("<!--")):
				b.add("bad-html", b.firstLineOf(where), "write &lt; for a < that readers shall see", "a browser takes this for a comment and shows nothing of it")
			case !bytes.HasSuffix(tok, []byte("-->")) && !bytes.HasSuffix(tok, []byte("--!>")):
				b.add("bad-html", b.firstLineOf(where), "write --> where it ends", "this comment never ends")
			}
		case html.DoctypeToken:
			b.add("bad-html", where, "remove it", "a page has its doctype from the layout")
		default:
			b.passTag(z, kind, tok, func(i, j int) diag.Span { return span(from+i, from+j) })
			inside = ""
			if name := tagName(tok); kind == html.StartTagToken && slices.Contains(rawText, name) {
				inside = name
				if rest := bytes.ToLower(raw[pos:]); name != "noscript" && !bytes.Contains(rest, []byte("</"+name)) && !ends(name) {
					b.add("bad-html", where, "write </"+name+"> where it ends, without an empty line before it", "<%s> never ends here", name)
					b.htmlTags, b.htmlLost = b.htmlTags[:len(b.htmlTags)-1], append(b.htmlLost, name)
				}
			}
		}
	}
}

// rawText are the elements whose content is no HTML to a browser that runs scripts.
var rawText = strings.Fields("script style textarea iframe noembed noscript xmp")

var tagNameRE = regexp.MustCompile(`^</?([A-Za-z][^\s/>]*)`)

// tagName is the name of the element of a tag, in small letters.
func tagName(tag []byte) string {
	m := tagNameRE.FindSubmatch(tag)
	if m == nil {
		return ""
	}
	return asciiLower(m[1])
}

// asciiLower writes the letters A to Z small, as HTML compares names.
func asciiLower(name []byte) string {
	out := bytes.Clone(name)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return string(out)
}

// firstLineOf is a span up to the end of its first line.
func (b *builder) firstLineOf(s diag.Span) diag.Span {
	if i := bytes.IndexByte(b.file.Text[s.Start:s.End], '\n'); i >= 0 {
		s.End = s.Start + len(bytes.TrimRight(b.file.Text[s.Start:s.Start+i], "\r"))
	}
	return s
}

// passTag writes a tag. span gives the place of a stretch of it.
func (b *builder) passTag(z *html.Tokenizer, kind html.TokenType, tok []byte, span func(i, j int) diag.Span) {
	whole := b.firstLineOf(span(0, len(tok)))
	name := tagName(tok)
	t := passedTag{name: name, closes: kind == html.EndTagToken, closed: kind == html.SelfClosingTagToken, span: whole, from: b.pos()}
	if why, is := layoutTags[name]; is {
		if !t.closes {
			if why == "" {
				why = "it belongs to the layout"
			}
			b.add("bad-html", whole, "remove it", "<%s> may not stand in a text: %s", name, why)
		}
		b.escape(string(tok))
		return
	}
	if t.closes {
		b.html(string(tok))
		t.to = b.pos()
		b.htmlTags = append(b.htmlTags, t)
		if name == "a" && b.htmlLinks > 0 {
			b.htmlLinks--
			if b.link--; b.link == 0 {
				b.overdue()
			}
		}
		return
	}
	attrs := attrsOf(z, tok)
	get := func(name string) (string, bool) {
		for _, a := range attrs {
			if a.name == name {
				return a.value, true
			}
		}
		return "", false
	}
	b.judgeTag(name, get, whole)
	b.html("<", string(tok[1:1+len(name)]))
	last := 1 + len(name)
	var seen []string
	for _, a := range attrs {
		b.html(string(tok[last:a.start]))
		last = a.end
		at := span(a.start, a.end)
		if slices.Contains(seen, a.name) {
			b.add("bad-html", at, "write it once", "%s stands twice in this tag, and a browser reads the first", a.name)
			continue
		}
		seen = append(seen, a.name)
		u := useOf(name, a.name, get)
		switch {
		case strings.HasPrefix(a.name, "on"):
			b.add("blocked-html", at, "remove it; a script belongs into a file of static/, which a layout loads", "the policy of the page blocks scripts in attributes, such as %s", a.name)
		case a.name == "style":
			b.add("blocked-html", at, `write class="name" here, and the rule for .name into static/style.css`, "the policy of the page blocks styles in attributes")
		}
		switch {
		case u != "":
			b.html(string(tok[a.start:a.start+len(a.name)]), `="`)
			b.attrAddress(u, name, a, tok, span)
			b.html(`"`)
		case a.name == "id" || a.name == "name" && name == "a":
			if id, _ := get("id"); a.name == "id" || id != a.value {
				b.htmlID(a.value, span(a.from, a.to))
			}
			b.html(a.name, `="`)
			b.escape(a.value)
			b.html(`"`)
		default:
			b.html(string(tok[a.start:a.end]))
		}
	}
	b.html(string(tok[last:]))
	t.to = b.pos()
	b.htmlTags = append(b.htmlTags, t)
	if name == "a" {
		b.htmlLinks++
		b.link++
	}
}

// attrsOf reads the attributes of a start tag. The tokenizer gives their values, and not where they stand, which is found
// by its rules (HTML Standard, section "Tokenization", from "Before attribute name state" on).
func attrsOf(z *html.Tokenizer, tok []byte) []passedAttr {
	var out []passedAttr
	blank := func(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }
	end := len(tok) - 1 // the >
	i := 1 + len(tagName(tok))
	for i < end {
		if blank(tok[i]) || tok[i] == '/' {
			i++
			continue
		}
		a := passedAttr{start: i}
		for i++; i < end && !blank(tok[i]) && tok[i] != '/' && tok[i] != '='; i++ {
		}
		a.name = asciiLower(tok[a.start:i])
		a.from, a.to, a.end = i, i, i
		j := i
		for j < end && blank(tok[j]) {
			j++
		}
		if j < end && tok[j] == '=' {
			for j++; j < end && blank(tok[j]); j++ {
			}
			a.has, a.outer = true, j
			switch {
			case j < end && (tok[j] == '"' || tok[j] == '\''):
				a.from = j + 1
				n := bytes.IndexByte(tok[a.from:], tok[j])
				if n < 0 {
					n = end - a.from
				}
				a.to = a.from + n
				i = min(end, a.to+1)
			default:
				a.from = j
				for i = j; i < end && !blank(tok[i]); i++ {
				}
				a.to = i
			}
			a.end = i
		}
		out = append(out, a)
	}
	// The tokenizer resolves character references as attributes have them: &copy=1 is none.
	seen := map[string]bool{}
	for k := range out {
		if seen[out[k].name] {
			continue // which the tokenizer leaves out
		}
		seen[out[k].name] = true
		_, val, _ := z.TagAttr()
		out[k].value = string(val)
	}
	return out
}

// useOf is what a browser does with an attribute's value, if it is an address; "" if it is none.
func useOf(tag, attr string, get func(string) (string, bool)) addressUse {
	u := addresses[tag][attr]
	if u == "" {
		u = addresses[""][attr]
	}
	if rel, _ := get("rel"); tag == "link" && attr == "href" {
		switch rel = strings.ToLower(rel); {
		case strings.Contains(rel, "stylesheet"):
			return useStyle
		case strings.Contains(rel, "icon"):
			return usePicture
		}
	}
	return u
}

// judgeTag reports an element that the policy blocks as a whole, or that lacks its words.
func (b *builder) judgeTag(name string, get func(string) (string, bool), span diag.Span) {
	switch {
	case slices.Contains(blockedTags, name):
		b.add("blocked-html", span, "put the file into content/ and write ![what it shows](file)", "the policy of the page blocks <%s>", name)
	case name == "script":
		if _, src := get("src"); !src && runs(get) {
			b.add("blocked-html", span, "put the script into a file of static/ and load it with src", "the policy of the page blocks a script that stands in it")
		}
	case name == "style":
		b.add("blocked-html", span, "put the rules into static/style.css", "the policy of the page blocks a stylesheet that stands in it")
	case name == "meta":
		if equiv, has := get("http-equiv"); has {
			b.add("bad-html", span, "remove it; for a page that leads on, write redirect_from in the other one", "<meta http-equiv=%q> belongs to the layout", equiv)
		}
	case name == "img":
		alt, has := get("alt")
		if title, _ := get("title"); strings.TrimSpace(alt) == "" && !(has && strings.EqualFold(title, "decorative")) {
			b.lenient("missing-alt", span, `write <img alt="what it shows" …>, or alt="" title="decorative" when it only decorates`, "this image has no description")
		}
	}
}

// runs says whether a script element is run, and holds no data (HTML Standard, section "The script element").
func runs(get func(string) (string, bool)) bool {
	typ, _ := get("type")
	typ = strings.ToLower(strings.TrimSpace(typ))
	return typ == "" || typ == "module" || typ == "importmap" || typ == "speculationrules" || strings.HasSuffix(typ, "javascript") || strings.HasSuffix(typ, "ecmascript")
}

// attrAddress writes the value of an attribute that holds an address, or several.
func (b *builder) attrAddress(u addressUse, tag string, a passedAttr, tok []byte, span func(i, j int) diag.Span) {
	if u != usePictures && u != usePing {
		b.oneAddress(u, tag, a.name, a.value, span(a.from, a.to))
		return
	}
	typed := tok[a.from:a.to]
	last := 0
	for _, m := range candidates(typed, u == usePictures) {
		b.escape(html.UnescapeString(string(typed[last:m[0]])))
		b.oneAddress(u, tag, a.name, html.UnescapeString(string(typed[m[0]:m[1]])), span(a.from+m[0], a.from+m[1]))
		last = m[1]
	}
	b.escape(html.UnescapeString(string(typed[last:])))
}

// candidates finds the addresses in a list: in srcset they stand between commas, each with a width or density behind it
// (HTML Standard, section "Parsing a srcset attribute"), in ping between blanks.
func candidates(list []byte, commas bool) [][2]int {
	var out [][2]int
	for i := 0; i < len(list); {
		if c := list[i]; c <= ' ' || commas && c == ',' {
			i++
			continue
		}
		from := i
		for i < len(list) && list[i] > ' ' {
			i++
		}
		to := i
		if commas && list[to-1] == ',' {
			for to > from && list[to-1] == ',' {
				to--
			}
		} else if commas {
			for depth := 0; i < len(list) && (list[i] != ',' || depth > 0); i++ {
				switch list[i] {
				case '(':
					depth++
				case ')':
					depth--
				}
			}
		}
		out = append(out, [2]int{from, to})
	}
	return out
}

// oneAddress writes an address of HTML: one of the site as a reference, another as it is, if the policy allows it.
func (b *builder) oneAddress(u addressUse, tag, attr, value string, span diag.Span) {
	dest := strings.TrimSpace(value)
	sch := schemeOf(dest)
	r := Ref{Span: span, Block: b.block, From: len(b.txt), To: len(b.txt), Attr: true}
	switch {
	case slices.Contains(recordSchemes, sch):
		b.add("unknown-scheme", span, fmt.Sprintf("write it in markdown: [words](%s)", dest), "HTML cannot link to a record with %s:, and its words would not be checked", sch)
	case sch == "data" && (u == usePicture || u == usePictures):
		b.escape(value)
	case active[sch]:
		b.add("unsafe-url", span, "link to a page, a file of the site, or a web address", "an address may not start with %q", sch+":")
	case sch == "" && strings.HasPrefix(dest, "//"), sch != "":
		if sch != "" && sch != "http" && sch != "https" || u == useLink {
			if sch != "" {
				b.judgeScheme(dest, span)
			}
		} else {
			b.add("blocked-html", span, elsewhere[u][1], "the policy of the page blocks %s", elsewhere[u][0])
		}
		if u == useLink {
			r.Kind, r.Target = RefExternal, dest
			b.ref(r)
		}
		b.escape(value)
	case dest == "" && (attr == "action" || attr == "formaction" || attr == "cite"):
		b.escape(value) // the page itself, or none
	default:
		r.Kind = RefLink
		if u != useLink && u != useFrame && u != useFile && u != usePing {
			r.Kind = RefImage
		}
		path, frag, has := strings.Cut(dest, "#")
		path, r.Query, _ = strings.Cut(path, "?")
		r.Target, r.Fragment = unescapeURL(path), unescapeURL(frag)
		if path == "" && has && r.Fragment == "" {
			r.Fragment = "top" // as in markdown
		}
		b.hole(b.ref(r), false)
	}
}

// htmlID enters an id of HTML among the places of the page that links may lead to.
func (b *builder) htmlID(id string, span diag.Span) {
	switch {
	case id == "" || strings.ContainsAny(id, " \t\n\r\f"):
		b.add("bad-html", span, "write one word", "%q is no id", id)
		return
	case strings.HasPrefix(id, "_") || id == "top":
		b.add("duplicate-id", span, "choose another id, without _ at its start", "the id %q belongs to the site", id)
		return
	case b.ids[id] > 0:
		b.add("duplicate-id", span, "choose another id", "the id %q stands on this page twice", id)
		return
	}
	b.ids[id]++
	if b.records {
		return
	}
	at := b.pos()
	if b.body != &b.doc.Body {
		at = Pos{}
	}
	b.doc.Blocks = append(b.doc.Blocks, Block{ID: id, Named: true, Name: id, Kind: "html", Head: len(b.doc.Heads) - 1, Section: b.sect, Span: span, From: at, To: at})
}

// passScope calls write, which writes a body of its own, and holds the tags of HTML in that against one another. line says
// that the body is shown inside a paragraph.
func (b *builder) passScope(line bool, write func()) {
	tags, lost, links, link := b.htmlTags, b.htmlLost, b.htmlLinks, b.link
	b.htmlTags, b.htmlLost, b.htmlLinks = nil, nil, 0
	write()
	b.flush()
	if len(b.htmlTags) > 0 {
		b.checkTags(*b.body, line)
	}
	b.htmlTags, b.htmlLost, b.htmlLinks, b.link = tags, lost, links, link
}

var ownTag = regexp.MustCompile(`<(/?)([a-z][a-z0-9]*)(?:\s[^>]*)?>`)

// openElement is one in which a place of a body lies.
type openElement struct {
	name   string
	typed  bool // by the writer
	closed bool // as <x/>
	span   diag.Span
	from   Pos
}

// checkTags reports tags of HTML without the other one of their pair: what follows, or the layout around the text, would
// lie within the element.
func (b *builder) checkTags(body []Piece, line bool) {
	var stack []openElement
	if line {
		stack = append(stack, openElement{name: "p"})
	}
	foreign := func() bool {
		return slices.ContainsFunc(stack, func(o openElement) bool { return o.name == "svg" || o.name == "math" })
	}
	never := func(o openElement) {
		if !o.typed || slices.Contains(optionalEnds, o.name) {
			return
		}
		b.htmlLost = append(b.htmlLost, o.name)
		if o.closed {
			b.add("bad-html", o.span, fmt.Sprintf("write <%s></%s>", o.name, o.name), "HTML does not end an element with />: all that follows would lie in <%s>", o.name)
			return
		}
		b.add("bad-html", o.span, "write </"+o.name+"> where it ends, in the same paragraph or, if both stand on lines of their own, in the same list or quote", "<%s> never ends here", o.name)
	}
	own := func(name string, closes bool) {
		if !closes {
			if !slices.Contains(voidTags, name) {
				stack = append(stack, openElement{name: name})
			}
			return
		}
		for len(stack) > 0 {
			top := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if !top.typed {
				return
			}
			never(top)
		}
	}
	typed := func(t passedTag) {
		switch {
		case t.name == "":
		case t.closes:
			at := len(stack) - 1
			for at >= 0 && stack[at].typed && stack[at].name != t.name {
				at--
			}
			if at >= 0 && stack[at].typed {
				for _, o := range stack[at+1:] {
					never(o)
				}
				if b.body == &b.doc.Body {
					b.doc.Elements = append(b.doc.Elements, Element{t.name, stack[at].from, t.to, stack[at].span})
				}
				stack = stack[:at]
				return
			}
			if i := slices.Index(b.htmlLost, t.name); i >= 0 {
				b.htmlLost = slices.Delete(b.htmlLost, i, i+1)
				return
			}
			b.add("bad-html", t.span, "remove it, or write <"+t.name+"> where it starts, in the same block", "</%s> ends here what never started", t.name)
		case slices.Contains(voidTags, t.name), t.closed && (foreign() || t.name == "svg"):
		default:
			n := len(stack)
			if n > 0 && !stack[n-1].typed && stack[n-1].name == "p" && slices.Contains(paragraphEnds, t.name) {
				b.add("bad-html", t.span, "put it at the start of a line, with an empty line before it", "<%s> cannot stand inside a line of text", t.name)
			}
			if t.name == "a" && slices.ContainsFunc(stack, func(o openElement) bool { return o.name == "a" }) {
				b.add("bad-html", t.span, "end the other one first", "a link cannot stand inside another")
			}
			stack = append(stack, openElement{t.name, true, t.closed, t.span, t.from})
		}
	}
	tags := b.htmlTags
	skip := Pos{} // the end of the last tag of the writer's
	for i, piece := range body {
		if i < skip.Piece {
			continue
		}
		if piece.Ref >= 0 {
			switch b.doc.Refs[piece.Ref].Kind {
			case RefLink, RefFact, RefEvent, RefClaim:
				if !b.doc.Refs[piece.Ref].Attr {
					own("a", piece.Close)
				}
			}
			continue
		}
		at := 0
		if i == skip.Piece {
			at = skip.Offset
		}
		for {
			stop := len(piece.HTML)
			ours := len(tags) == 0 || tags[0].from.Piece != i
			if !ours {
				stop = tags[0].from.Offset
			}
			for _, m := range ownTag.FindAllStringSubmatch(piece.HTML[at:stop], -1) {
				own(m[2], m[1] != "")
			}
			if ours {
				break
			}
			typed(tags[0])
			skip = tags[0].to
			tags = tags[1:]
			if skip.Piece != i {
				break
			}
			at = skip.Offset
		}
	}
	for len(stack) > 0 {
		never(stack[len(stack)-1])
		stack = stack[:len(stack)-1]
	}
}

// bytesOf returns the text of lines with the place of each byte in the text at hand.
func (b *builder) bytesOf(lines *text.Segments) (raw []byte, at []int) {
	for i := range lines.Len() {
		l := lines.At(i)
		for k := l.Start; k < l.Stop; k++ {
			raw, at = append(raw, b.src.text[k]), append(at, k)
		}
	}
	return raw, at
}

// passBlock writes a block of HTML.
func (b *builder) passBlock(n *ast.HTMLBlock) {
	raw, at := b.bytesOf(n.Lines())
	if n.HasClosure() {
		for k := n.ClosureLine.Start; k < n.ClosureLine.Stop; k++ {
			raw, at = append(raw, b.src.text[k]), append(at, k)
		}
	}
	b.passHTML(raw, at, func(string) bool { return false })
}

// passInline writes a tag or comment inside a line.
func (b *builder) passInline(n *ast.RawHTML) {
	raw, at := b.bytesOf(n.Segments)
	b.passHTML(raw, at, func(name string) bool {
		next := n.NextSibling()
		if _, isText := next.(*ast.Text); isText {
			next = next.NextSibling()
		}
		end, ok := next.(*ast.RawHTML)
		if !ok {
			return false
		}
		raw, _ := b.bytesOf(end.Segments)
		return bytes.HasPrefix(raw, []byte("</")) && tagName(raw) == name
	})
}
