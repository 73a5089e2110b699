package content

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"

	"gloss/generator/diag"
)

// inlines writes the children of a block that holds text.
func (b *builder) inlines(parent ast.Node) {
	b.htmlScope(func() {
		for c := parent.FirstChild(); c != nil; c = c.NextSibling() {
			b.one(c)
		}
	})
}

func (b *builder) wrap(tag string, n ast.Node) {
	b.html("<", tag, ">")
	b.inlines(n)
	b.html("</", tag, ">")
}

func (b *builder) one(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		b.text(n)
	case *ast.String:
		b.prose(resolve(n.Value))
	case *ast.CodeSpan:
		b.html("<code>")
		b.noProse(b.words(n))
		b.html("</code>")
	case *ast.Emphasis:
		if n.Level == 2 {
			b.wrap("strong", n)
		} else {
			b.wrap("em", n)
		}
	case *east.Strikethrough:
		b.struck("del", n)
	case *markNode:
		b.wrap("mark", n)
	case *ast.Link:
		b.linkNode(n)
	case *ast.AutoLink:
		b.autoLink(n)
	case *ast.Image:
		b.image(n)
	case *ast.RawHTML:
		b.inlineHTML(n)
	case *east.TaskCheckBox:
		if n.IsChecked {
			b.html("<span class=\"check\">☑</span> ")
		} else {
			b.html("<span class=\"check\">☐</span> ")
		}
	case *wikiNode:
		b.wikiLink(n)
	case *citeNode:
		b.cite(n)
	case *noteNode:
		b.noteMark(n)
	case *mathNode:
		b.html("<code class=\"math\">")
		b.noProse(string(b.src.text[n.Pos():n.stop]))
		b.html("</code>")
	default:
		b.inlines(n)
	}
}

// struck writes words that are struck out. Readers see them; the plain text does not have them, as it is shown where
// nothing can be struck out: in descriptions, in the search, in the feed. The words of a link stay, since an empty link
// is shown with the words of its target.
func (b *builder) struck(tag string, n ast.Node) {
	if b.link > 0 {
		b.wrap(tag, n)
		return
	}
	at, refs := len(b.txt), len(b.doc.Refs)
	b.quiet++
	b.wrap(tag, n)
	b.quiet--
	b.leaveOut(at, refs)
	b.gap = true
}

// leaveOut takes back the plain text from a place on; the references in it, from refs on, stay without words there.
func (b *builder) leaveOut(at, refs int) {
	at = min(at, len(b.txt))
	b.txt = b.txt[:at]
	for i := range b.doc.Refs[refs:] {
		r := &b.doc.Refs[refs+i]
		r.From, r.To, r.Struck = min(r.From, at), min(r.To, at), true
	}
}

// withoutGap closes the gap that words leave behind between two stretches of text, so that one blank stands there and
// none before a full stop. skip is how many bytes of the second to leave out.
func withoutGap(before, after []byte) (_ []byte, skip int) {
	if len(after) == 0 || len(before) > 0 && before[len(before)-1] != ' ' {
		return before, 0
	}
	if strings.IndexByte(".,;:!?)", after[0]) >= 0 {
		return bytes.TrimRight(before, " "), 0
	}
	if after[0] == ' ' {
		return before, 1
	}
	return before, 0
}

func (b *builder) text(t *ast.Text) {
	v := t.Segment.Value(b.src.text)
	// Blanks before a line end say nothing; goldmark leaves some, as its autolinks cut the text at every blank.
	if n, ok := t.NextSibling().(*ast.Text); ok && n.Segment.Len() == 0 && (n.HardLineBreak() || n.SoftLineBreak()) {
		v = bytes.TrimRight(v, " \t")
	}
	skip := 0
	if b.gap && len(v) > 0 {
		b.txt, skip = withoutGap(b.txt, v)
		b.html(string(v[:skip]))
		v, b.gap = v[skip:], false
	}
	at := len(b.txt)
	if t.IsRaw() {
		b.plainText(string(v))
	} else {
		b.prose(resolve(v))
	}
	b.segs = append(b.segs, segment{at: at, to: len(b.txt), src: t.Segment.Start + skip, raw: len(v)})
	if !t.HardLineBreak() && !t.SoftLineBreak() {
		return
	}
	switch {
	case t.HardLineBreak():
		b.html("<br>")
	case b.set.HardBreaks && !b.front:
		b.html("<br>")
		if end := lineEnd(b.src.text, t.Segment.Stop); end < len(b.src.text) {
			b.cut(t.Segment.Stop, next(b.src.text, end), "\\\n")
		}
	}
	b.html("\n")
	if !b.gap || len(bytes.TrimRight(b.txt, " ")) == len(b.txt) {
		b.txt = append(b.txt, ' ')
	}
	b.gap = false
}

// prose writes text in which a first mention may become a link, and remembers where.
func (b *builder) prose(s string) {
	if b.heading+b.link+b.quiet > 0 || b.block < 0 || b.body != &b.doc.Body || s == "" {
		b.plainText(s)
		return
	}
	for _, part := range stretches(s, b.lang.Dir == "rtl") {
		b.isolate(part, b.oneWay)
	}
}

// oneWay writes prose that has one direction.
func (b *builder) oneWay(s string) {
	r := Run{Piece: len(*b.body), From: len(b.buf), Section: b.sect, Block: b.block, Offset: len(b.txt)}
	b.escape(s)
	r.To = len(b.buf)
	b.txt = append(b.txt, s...)
	// Lines of one paragraph are one run, so that a name may be broken over two.
	if n := len(b.doc.Runs); n > 0 {
		if last := &b.doc.Runs[n-1]; last.Piece == r.Piece && last.Block == r.Block && last.To+1 == r.From && b.buf[last.To] == '\n' || n > 0 && last.Piece == r.Piece && last.Block == r.Block && last.To == r.From {
			last.To = r.To
			return
		}
	}
	b.doc.Runs = append(b.doc.Runs, r)
}

// noProse writes text in which no number is looked for.
func (b *builder) noProse(s string) {
	at := len(b.txt)
	b.plainText(s)
	b.shut = append(b.shut, [2]int{at, len(b.txt)})
}

func (b *builder) plainText(s string) {
	for _, part := range stretches(s, b.lang.Dir == "rtl") {
		b.isolate(part, func(text string) {
			b.escape(text)
			b.txt = append(b.txt, text...)
		})
	}
}

// dataImage are the pictures that may stand in the text itself; SVG is not, as it can hold scripts.
var dataImage = regexp.MustCompile(`^data:image/(png|gif|jpeg|webp);base64,`)

func (b *builder) linkNode(n *ast.Link) {
	n.Destination = shown(n.Destination)
	dest := resolve(n.Destination)
	span, words := b.linkSpans(n)
	r := Ref{Span: span, Words: words, Block: b.block, From: len(b.txt), Title: resolve(shown(n.Title))}
	sch := schemeOf(dest)
	if slices.Contains(recordSchemes, sch) {
		b.smallLetters(dest, span)
	}
	switch sch {
	case "fact":
		r.Kind = RefFact
		r.Target, r.At, _ = strings.Cut(unescapeURL(dest[5:]), "@")
		b.marks(true)
	case "event":
		r.Kind, r.Target = RefEvent, unescapeURL(dest[6:])
		b.marks(true)
	case "claim":
		r.Kind, r.Target = RefClaim, unescapeURL(dest[6:])
		b.marks(true)
	case "":
		if strings.HasPrefix(dest, "//") {
			r.Kind, r.Target = RefExternal, dest
		} else {
			r.Kind = RefLink
			path, frag, has := strings.Cut(dest, "#")
			path, _, _ = strings.Cut(path, "?")
			r.Target, r.Fragment = unescapeURL(path), unescapeURL(frag)
			if path == "" && has && r.Fragment == "" {
				r.Fragment = "top" // "#" is always valid (T-62)
			}
		}
	default:
		r.Kind, r.Target = RefExternal, dest
		if active[sch] {
			b.add("unsafe-url", span, "link to a page, a file of the site, or a web address", "a link may not start with %q", sch+":")
			if words.File != "" {
				b.cutSpan(diag.Span{File: span.File, Start: span.Start, End: words.Start}, "")
				b.cutSpan(diag.Span{File: span.File, Start: words.End, End: span.End}, "")
			} else {
				b.cutSpan(span, "")
			}
			b.link++
			b.inlines(n)
			b.link--
			b.overdue()
			return
		}
		b.judgeScheme(dest, span)
	}
	if r.Kind == RefExternal {
		b.html("<a href=\"", string(util.EscapeHTML(util.URLEscape(n.Destination, true))), "\"")
		if n.Title != nil {
			b.html(" title=\"")
			b.escape(r.Title)
			b.html("\"")
		}
		b.html(">")
		b.link++
		b.inlines(n)
		b.link--
		b.html("</a>")
		r.To, r.Label = len(b.txt), string(b.txt[r.From:])
		b.ref(r)
		b.overdue()
		return
	}
	i := b.ref(r)
	b.hole(i, false)
	b.link++
	b.inlines(n)
	b.link--
	b.hole(i, true)
	ref := &b.doc.Refs[i]
	ref.To, ref.Label = len(b.txt), string(b.txt[ref.From:])
	b.written(ref)
	b.overdue()
}

// written keeps the source of words that may be checked, for check --fix: those of links to facts and events, however
// they are written. Other links have words without a number.
func (b *builder) written(r *Ref) {
	if r.Words.File != "" && (r.Kind != RefLink || HasNumber(r.Label)) {
		r.Raw, r.Quote = string(b.file.Text[r.Words.Start:r.Words.End]), b.quoting
		if b.quoting != 0 && bytes.IndexByte(b.src.text, '$') >= 0 {
			r.Around = strings.Replace(string(b.src.text), r.Raw, "", 1)
		}
	}
}

// overdue writes the marks that stand among the words of a link after it, as they are links themselves.
func (b *builder) overdue() {
	late := b.late
	b.late = nil
	for _, n := range late {
		b.one(n)
	}
}

// marks notes that the block at hand rests on data.
func (b *builder) marks(yes bool) {
	if b.block >= 0 && yes {
		b.doc.Blocks[b.block].Cites = true
	}
}

// linkSpans are the places of a link or image, and of the words between its brackets if there are any.
func (b *builder) linkSpans(n ast.Node) (whole, words diag.Span) {
	v, _ := n.AttributeString(linkEnds)
	ends, _ := v.([2]int)
	from, to := n.Pos()+1, ends[0]
	for from < to && util.IsSpace(b.src.text[from]) {
		from++
	}
	for from < to && util.IsSpace(b.src.text[to-1]) {
		to--
	}
	if from < to {
		words = b.span(from, to)
		if b.quoting != 0 { // an escape at the end is longer than what it stands for
			words.End = b.src.at(to)
		}
	}
	return b.span(n.Pos(), ends[1]), words
}

func unescapeURL(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

func (b *builder) autoLink(n *ast.AutoLink) {
	label := string(n.Label(b.src.text))
	dest := n.URL(b.src.text)
	start := max(0, n.Pos())
	if i := bytes.Index(b.src.text[start:], []byte(label)); i >= 0 && i < 3 {
		start += i
	}
	span := b.span(start, start+len(label))
	href := string(util.EscapeHTML(util.URLEscape(dest, false)))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(href), "mailto:") {
		href = "mailto:" + href
	}
	if b.link > 0 {
		b.plainText(label)
		return
	}
	if active[schemeOf(string(dest))] {
		b.add("unsafe-url", span, "link to a page, a file of the site, or a web address", "a link may not start with %q", schemeOf(string(dest))+":")
		if start > 0 && b.src.text[start-1] == '<' {
			b.cut(start-1, start+len(label)+1, label)
		}
		b.plainText(label)
		return
	}
	if n.AutoLinkType != ast.AutoLinkEmail {
		b.judgeScheme(string(dest), span)
	}
	r := Ref{Kind: RefExternal, Target: string(dest), Span: span, Block: b.block, From: len(b.txt), Label: label}
	b.html("<a href=\"", href, "\">")
	b.plainText(label)
	b.html("</a>")
	r.To = len(b.txt)
	b.ref(r)
}

func (b *builder) image(n *ast.Image) {
	dest := resolve(shown(n.Destination))
	alt, size, has := strings.Cut(b.plain(n), "|")
	if w, _ := sizeOf(alt); !has && w > 0 { // Obsidian: a number alone is a width
		alt, size = "", alt
	}
	span, _ := b.linkSpans(n)
	r := Ref{Kind: RefImage, Span: span, Block: b.block, From: len(b.txt), To: len(b.txt), Title: resolve(shown(n.Title))}
	r.Image.Alt = strings.TrimSpace(alt)
	if r.Image.Width, r.Image.Height = sizeOf(size); size != "" && r.Image.Width == 0 {
		r.Image.Alt = b.plain(n)
	}
	if r.Title == "decorative" {
		r.Image.Decorative, r.Image.Alt, r.Title = true, "", ""
	} else if r.Image.Alt == "" {
		b.lenient("missing-alt", r.Span, `write ![what it shows](…), or ![](… "decorative") when it only decorates`, "this image has no description")
	}
	if sch := schemeOf(dest); sch != "" && sch != "data" || strings.HasPrefix(dest, "//") {
		if active[sch] {
			b.add("unsafe-url", r.Span, "put the file into content/ and link to it", "an image may not start with %q", sch+":")
			b.cutSpan(r.Span, "")
			return
		}
		r.Kind, r.Target = RefImage, dest
		b.hole(b.ref(r), false)
		return
	} else if sch == "data" && !dataImage.MatchString(dest) {
		b.add("unsafe-url", r.Span, "put the file into content/ and link to it", "this kind of data: image is not allowed")
		b.cutSpan(r.Span, "")
		return
	}
	path, _, _ := strings.Cut(dest, "#")
	if schemeOf(dest) == "data" {
		path = dest
	} else {
		path, _, _ = strings.Cut(path, "?")
		path = unescapeURL(path)
	}
	r.Target = path
	if _, frag, has := strings.Cut(dest, "#"); has && schemeOf(dest) != "data" {
		r.Fragment = unescapeURL(frag)
	}
	b.hole(b.ref(r), false)
}

// sizeOf reads Obsidian's 640x480 or 100 (T-14).
func sizeOf(s string) (w, h int) {
	a, c, has := strings.Cut(strings.TrimSpace(s), "x")
	w, err := strconv.Atoi(a)
	if err != nil || w < 1 || w > 10000 {
		return 0, 0
	}
	if has {
		if h, err = strconv.Atoi(c); err != nil || h < 1 || h > 10000 {
			return 0, 0
		}
	}
	return w, h
}

func (b *builder) inlineHTML(n *ast.RawHTML) {
	var raw strings.Builder
	for i := range n.Segments.Len() {
		s := n.Segments.At(i)
		raw.Write(s.Value(b.src.text))
	}
	s := raw.String()
	switch {
	case moreRE.MatchString(s):
		b.cut(n.Segments.At(0).Start, n.Segments.At(0).Start+len(s), "")
		if b.nested == 0 && b.body == &b.doc.Body {
			p := b.pos()
			b.doc.More = &p
		}
	case b.set.RawHTML:
		b.passInline(n)
	case strings.HasPrefix(s, "<!--"):
		if n.Segments.Len() > 0 {
			b.cut(n.Segments.At(0).Start, n.Segments.At(0).Start+len(s), "")
		}
	case n.Segments.Len() > 0 && b.plainTag(s, n.Segments.At(0).Start):
	default:
		if n.Segments.Len() > 0 {
			at := n.Segments.At(0).Start
			b.foreignTag(at, at+len(s))
		}
		b.plainText(s)
	}
}

// wiki reads what stands inside [[ ]] into a reference and returns its index.
func (b *builder) wiki(n *wikiNode) int {
	raw := string(shown(n.inner))
	raw = strings.ReplaceAll(raw, `\|`, "|")
	raw = strings.Join(strings.Fields(raw), " ")
	target, label, has := strings.Cut(raw, "|")
	r := Ref{Kind: RefLink, Wiki: true, Span: b.span(n.Pos(), n.stop), Block: b.block, From: len(b.txt), To: len(b.txt)}
	target = strings.TrimSpace(target)
	if strings.HasPrefix(target, "?") && !n.embed {
		r.Planned = true
		target = strings.TrimSpace(target[1:])
	}
	r.Target, r.Fragment, _ = strings.Cut(target, "#")
	r.Target, r.Fragment = strings.TrimSpace(r.Target), strings.TrimSpace(r.Fragment)
	if n.embed {
		r.Kind = RefEmbed
		if shown := embeddedMedia(target); shown != FileMedia {
			r.Kind = RefImage
			alt, size := "", label
			if i := strings.LastIndexByte(label, '|'); i >= 0 {
				alt, size = label[:i], label[i+1:]
			}
			if w, h := sizeOf(size); w > 0 {
				r.Image.Width, r.Image.Height = w, h
				size = "|" + size
			} else {
				alt, size = label, ""
			}
			r.Image.Alt = strings.TrimSpace(alt)
			if r.Image.Alt == "" && shown != Picture { // a film or a paper is called by its name
				r.Image.Alt = target[strings.LastIndexByte(target, '/')+1:]
			} else if r.Image.Alt == "" {
				b.lenient("missing-alt", r.Span, "write ![["+target+"|what it shows"+size+"]]", "this image has no description")
			}
			return b.ref(r)
		}
	}
	switch {
	case has && strings.TrimSpace(label) != "":
		r.Label = strings.TrimSpace(label)
		// What lies between may hold the signs of a box or quotation at the starts of its lines.
		at, end := n.Pos()+len("[["), n.stop-len("]]")
		if r.Kind == RefLink && HasNumber(r.Label) && n.Pos() >= 0 && at < end && end <= len(b.src.parse) && bytes.HasPrefix(b.src.parse[n.Pos():], []byte("[[")) {
			from, to := at+bytes.IndexByte(shown(b.src.parse[at:end]), '|')+1, end
			for from < to && util.IsSpace(b.src.text[from]) {
				from++
			}
			for from < to && util.IsSpace(b.src.text[to-1]) {
				to--
			}
			r.Words = b.span(from, to)
			if b.quoting != 0 {
				r.Words.End = b.src.at(to)
			}
			b.written(&r)
		}
	case r.Target == "":
		r.Label = lastPart(r.Fragment)
	case r.Fragment != "" && !strings.HasPrefix(r.Fragment, "^") && embeddedMedia(target) == FileMedia:
		r.Label = strings.TrimSuffix(r.Target, ".md") + " › " + lastPart(r.Fragment)
	default:
		r.Label = strings.TrimSuffix(r.Target, ".md")
	}
	return b.ref(r)
}

// lastPart is B of A#B.
func lastPart(frag string) string {
	return strings.TrimSpace(frag[strings.LastIndexByte(frag, '#')+1:])
}

func (b *builder) wikiLink(n *wikiNode) {
	i := b.wiki(n)
	r := &b.doc.Refs[i]
	if r.Kind == RefImage {
		b.hole(i, false)
		return
	}
	// An embed inside a line of text is shown as a link; alone on its line it is shown whole. Among the words of a link
	// there is no link of its own.
	if b.link > 0 {
		r.Hidden = true
		b.plainText(r.Label)
	} else {
		b.hole(i, false)
		b.plainText(r.Label)
		b.hole(i, true)
	}
	b.doc.Refs[i].To = len(b.txt)
}

func (b *builder) cite(n *citeNode) {
	if b.link > 0 {
		b.late = append(b.late, n)
		return
	}
	// The mark says nothing in the plain text, so the blank before it goes: "not mandatory [@a]." is "not mandatory."
	if t, ok := n.NextSibling().(*ast.Text); ok && !n.narrative && t.Segment.Len() > 0 && strings.IndexByte(".,;:!?)", b.src.text[t.Segment.Start]) >= 0 {
		b.txt = bytes.TrimRight(b.txt, " ")
	}
	at := len(b.txt)
	if !n.narrative {
		at = len(bytes.TrimRight(b.txt, " ")) // "It ended. [@a]" cites for what ended
		b.closeUp()
		b.html("<sup class=\"cite\">")
	}
	for _, it := range n.items {
		i := b.ref(Ref{Kind: RefCite, Target: it.key, Cite: it.cite, Span: b.span(it.start, it.end), Block: b.block, From: at, To: at})
		b.hole(i, false)
	}
	if !n.narrative {
		b.html("</sup>")
	}
	b.marks(true)
}

// closeUp takes back the blank before a citation: its mark stands right behind the word.
func (b *builder) closeUp() {
	n := len(b.buf)
	if n == 0 || b.buf[n-1] != ' ' && b.buf[n-1] != '\n' {
		return
	}
	b.buf = b.buf[:n-1]
	if k := len(b.doc.Runs) - 1; k >= 0 && b.body == &b.doc.Body && b.doc.Runs[k].Piece == len(*b.body) {
		b.doc.Runs[k].To = min(b.doc.Runs[k].To, n-1)
	}
}

func invalidUTF8(b []byte) int {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}
