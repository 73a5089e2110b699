package content

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"gloss/generator/diag"
)

// plainTags are the elements of HTML that may stand in markdown on every site: they say something about the words in
// them, and can do nothing. What is written of them is made here, from their names and a few attributes, and never what
// the writer typed. details and summary are blocks and have a function of their own.
var plainTags = []string{"abbr", "b", "bdi", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "strong", "sub", "sup", "u", "var", "wbr"}

var (
	wholeTag = regexp.MustCompile(`(?s)^<(/?)([A-Za-z][A-Za-z0-9-]*)((?:"[^"]*"|'[^']*'|[^'">])*?)(/?)>$`)
	langTag  = regexp.MustCompile(`^[A-Za-z]+(?:-[A-Za-z0-9]+)*$`)
	attribs  = regexp.MustCompile(`([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>` + "`" + `]+)))?`)
)

// htmlTag is a tag of HTML that a writer typed.
type htmlTag struct {
	name   string // in small letters
	closes bool
	attrs  string // as typed
}

// readTag reads a tag; ok is false for what is none, such as a comment.
func readTag(raw string) (t htmlTag, ok bool) {
	m := wholeTag.FindStringSubmatch(strings.TrimSpace(raw))
	if m == nil {
		return htmlTag{}, false
	}
	return htmlTag{strings.ToLower(m[2]), m[1] != "", m[3]}, true
}

// allowed returns the attributes that a tag may keep, as HTML, and the names of those that it loses.
func (t htmlTag) allowed() (html string, lost []string) {
	var seen []string
	for _, m := range attribs.FindAllStringSubmatch(t.attrs, -1) {
		name, val := strings.ToLower(m[1]), resolve([]byte(m[2]+m[3]+m[4]))
		keep := false
		switch name {
		case "title":
			keep = val != ""
		case "lang":
			keep = langTag.MatchString(val)
		case "dir":
			val = strings.ToLower(val)
			keep = slices.Contains([]string{"ltr", "rtl", "auto"}, val)
		case "open":
			keep, val = t.name == "details", ""
		case "cite":
			sch := schemeOf(val)
			keep = (t.name == "q" || t.name == "ins" || t.name == "del") && (sch == "http" || sch == "https")
		}
		if !keep || slices.Contains(seen, name) {
			lost = append(lost, name)
			continue
		}
		seen = append(seen, name)
		html += " " + name
		if val != "" {
			html += `="` + Escape(val) + `"`
		}
	}
	return html, lost
}

// openTag is an element of HTML that the writer opened and has not closed yet.
type openTag struct {
	name     string
	span     diag.Span
	text     int // length of the plain text where it starts
	refs     int // number of references there
	leaveOut bool
}

// silent says whether the words of an element are no prose in which names are linked.
func silent(name string) bool {
	return slices.Contains([]string{"code", "kbd", "samp", "var", "del", "s", "rt", "rp"}, name)
}

// plainTag writes a tag in the text if it is one of the plain elements; ok is false when it is not.
func (b *builder) plainTag(raw string, from int) (ok bool) {
	t, is := readTag(raw)
	if !is || !slices.Contains(plainTags, t.name) {
		return false
	}
	span := b.span(from, from+len(raw))
	if t.closes {
		if b.foreign["<"+t.name+">"] != nil && !slices.ContainsFunc(b.tags[b.scope:], func(o openTag) bool { return o.name == t.name }) {
			return false // what it closes is shown as text
		}
		b.closeTag(t.name, span, raw, from)
		return true
	}
	if (t.name == "rt" || t.name == "rp") && !slices.ContainsFunc(b.tags[b.scope:], func(o openTag) bool { return o.name == "ruby" }) {
		return false
	}
	attrs, lost := t.allowed()
	tag := "<" + t.name + attrs + ">"
	if tag != raw {
		b.cut(from, from+len(raw), tag) // in the markdown page as well
	}
	if len(lost) > 0 {
		b.add("raw-html", span, "write <"+t.name+"> with nothing but title, lang or dir", "%s of <%s> is left out", strings.Join(lost, ", "), t.name)
	}
	b.html(tag)
	switch t.name {
	case "br":
		b.html("\n")
		b.txt = append(bytes.TrimRight(b.txt, " "), ' ')
		return true
	case "wbr":
		return true
	case "q":
		b.txt = append(b.txt, "“"...)
	}
	if silent(t.name) {
		b.quiet++
	}
	b.tags = append(b.tags, openTag{t.name, span, len(b.txt), len(b.doc.Refs), slices.Contains([]string{"del", "s", "rt", "rp"}, t.name) && b.link == 0})
	return true
}

// closeTag ends an element, and those in it that the writer did not end.
func (b *builder) closeTag(name string, span diag.Span, raw string, from int) {
	at := -1
	for i := len(b.tags) - 1; i >= b.scope; i-- {
		if b.tags[i].name == name {
			at = i
			break
		}
	}
	if at < 0 {
		b.cut(from, from+len(raw), "")
		hint := "remove it, or write <" + name + "> where it starts"
		if name == "br" {
			hint = "write <br>"
		}
		b.add("raw-html", span, hint, "%s ends here and never starts in this text", raw)
		return
	}
	for len(b.tags) > at {
		b.endTag(len(b.tags)-1 > at)
	}
}

// endTag ends the innermost element. lacking says that the writer did not.
func (b *builder) endTag(lacking bool) {
	o := b.tags[len(b.tags)-1]
	b.tags = b.tags[:len(b.tags)-1]
	if lacking {
		b.add("raw-html", o.span, "write </"+o.name+"> where it ends, in the same paragraph", "<%s> starts here and never ends in this text", o.name)
	}
	b.html("</", o.name, ">")
	if silent(o.name) {
		b.quiet--
	}
	switch {
	case o.name == "q":
		b.txt = append(b.txt, "”"...)
	case o.leaveOut:
		b.leaveOut(o.text, o.refs)
		b.gap = o.name == "del" || o.name == "s"
	}
}

// htmlScope calls write, and ends the elements that it leaves open.
func (b *builder) htmlScope(write func()) {
	old := b.scope
	b.scope = len(b.tags)
	write()
	for len(b.tags) > b.scope {
		b.endTag(true)
	}
	b.scope = old
}

// details writes a block of HTML that starts with a tag of details or summary. Its other text is markdown within a
// line; what stands after an empty line is not part of the block, and is markdown of any kind. ok is false, and nothing
// written, if the block is another.
func (b *builder) details(n *ast.HTMLBlock) (ok bool) {
	from := max(0, n.Pos())
	var src []byte // with the place of each byte
	var at []int
	for i := range n.Lines().Len() {
		l := n.Lines().At(i)
		for k := l.Start; k < l.Stop; k++ {
			src, at = append(src, b.src.text[k]), append(at, k)
		}
	}
	at = append(at, from)
	if n := len(at); n > 1 {
		at[n-1] = at[n-2] + 1
	}
	first := foldTag.FindIndex(src)
	if first == nil || len(bytes.TrimSpace(src[:first[0]])) > 0 {
		return false
	}
	text := func(i, j int) { // src[i:j], in which no tag of a fold stands
		for i < j && (src[i] == ' ' || src[i] == '\t' || src[i] == '\n' || src[i] == '\r') {
			i++
		}
		for j > i && (src[j-1] == ' ' || src[j-1] == '\t' || src[j-1] == '\n' || src[j-1] == '\r') {
			j--
		}
		if i == j {
			return
		}
		where := make([]int, 0, j-i+1)
		for k := i; k < j; k++ {
			where = append(where, b.src.at(at[k]))
		}
		where = append(where, where[len(where)-1]+1)
		b.lineOfHTML(mapped(bytes.Clone(src[i:j]), where), at[i], at[j-1]+1)
	}
	last := 0
	for _, m := range foldTag.FindAllIndex(src, -1) {
		text(last, m[0])
		last = m[1]
		t, _ := readTag(string(src[m[0]:m[1]]))
		span := b.span(at[m[0]], at[m[1]-1]+1)
		attrs, lost := t.allowed()
		if !t.closes && len(lost) > 0 {
			b.add("raw-html", span, "write <"+t.name+">, or <details open> for one that is open at first", "%s of <%s> is left out", strings.Join(lost, ", "), t.name)
		}
		if tag := "<" + t.name + attrs + ">"; !t.closes && tag != string(src[m[0]:m[1]]) {
			b.cut(at[m[0]], at[m[1]-1]+1, tag)
		}
		b.foldTag(t, span, attrs)
	}
	text(last, len(src))
	return true
}

var foldTag = regexp.MustCompile(`(?i)</?(?:details|summary)(?:[\s/](?:"[^"]*"|'[^']*'|[^'">])*)?>`)

// fold is a details element that the writer opened and has not closed yet.
type fold struct {
	span    diag.Span
	summary int // 0 none yet, 1 open, 2 closed
}

func (b *builder) foldTag(t htmlTag, span diag.Span, attrs string) {
	top := len(b.folds) - 1
	inside := top >= b.foldScope
	switch {
	case t.name == "details" && !t.closes:
		b.endSummary()
		b.needSummary()
		b.html("<details class=\"box note\"", attrs, ">")
		b.nested++
		b.folds = append(b.folds, fold{span: span})
	case t.name == "details" && inside:
		b.endSummary()
		b.needSummary()
		b.endFold()
	case t.name == "summary" && !t.closes && inside && b.folds[top].summary == 0:
		b.html("<summary class=\"box-title\"", attrs, ">")
		b.folds[top].summary = 1
	case t.name == "summary" && t.closes && inside && b.folds[top].summary == 1:
		b.endSummary()
	default:
		sign, hint := "<", "write it right after <details>"
		if t.closes {
			sign, hint = "</", "remove it, or write <"+t.name+"> where it starts"
		}
		b.add("raw-html", span, hint, "%s%s> does not belong here", sign, t.name)
		b.cutSpan(span, "")
	}
}

// needSummary gives the innermost fold a line to click on, if the writer gave none.
func (b *builder) needSummary() {
	if n := len(b.folds) - 1; n >= b.foldScope && b.folds[n].summary == 0 {
		b.folds[n].summary = 2
		b.add("raw-html", b.folds[n].span, "write <details><summary>What is inside</summary>", "this <details> has no <summary>, so readers cannot tell what is inside")
		b.html("<summary class=\"box-title\">")
		b.escape(b.lang.Callouts["note"])
		b.html("</summary>\n")
	}
}

// endSummary ends the summary of the innermost fold, if it is open.
func (b *builder) endSummary() {
	if n := len(b.folds) - 1; n >= b.foldScope && b.folds[n].summary == 1 {
		b.folds[n].summary = 2
		b.html("</summary>\n")
	}
}

func (b *builder) endFold() {
	b.html("</details>\n")
	b.nested--
	b.folds = b.folds[:len(b.folds)-1]
}

// foldScope calls write, which writes the blocks of one parent, and ends the folds that it leaves open.
func (b *builder) inFoldScope(write func()) {
	old := b.foldScope
	b.foldScope = len(b.folds)
	write()
	for len(b.folds) > b.foldScope {
		b.endSummary()
		b.needSummary()
		b.add("raw-html", b.folds[len(b.folds)-1].span, "put a line with </details> where it ends", "<details> starts here and never ends")
		b.endFold()
	}
	b.foldScope = old
}

// lineOfHTML writes text that stands directly in a block of HTML, as a block of its own.
func (b *builder) lineOfHTML(src *source, from, to int) {
	n := ast.NewParagraph()
	n.SetPos(from)
	tag := "p"
	if k := len(b.folds) - 1; k >= b.foldScope && b.folds[k].summary == 1 {
		tag = "span"
	} else {
		b.needSummary()
	}
	i := b.open("paragraph", n, "", string(src.text))
	b.doc.Blocks[i].Span = b.span(from, to)
	b.html("<", tag, " id=\"", b.doc.Blocks[i].ID, "\">")
	old := b.block
	b.block = i
	pieces, txt := b.oneLine(src)
	b.block = old
	b.flush()
	*b.body = append(*b.body, pieces...)
	b.html("</", tag, ">")
	if tag == "p" {
		b.html("\n")
	}
	b.doc.Blocks[i].Text, b.doc.Blocks[i].Words = txt, CountWords(txt)
	b.close(i)
	b.asides(i)
}

// foreignTag reports HTML that is shown as text: once a page for each kind of element, with their number.
func (b *builder) foreignTag(start, end int) {
	b.cutHTML(start, end)
	name, typed := "HTML", "HTML"
	closes := false
	text := b.src.text[min(start, len(b.src.text)):min(end, len(b.src.text))]
	if m := foreignName.FindSubmatch(text); m != nil {
		name, typed, closes = "<"+strings.ToLower(string(m[2]))+">", "<"+string(m[2])+">", len(m[1]) > 0
	}
	for _, m := range foreignID.FindAllSubmatch(text, -1) {
		if at, has := slices.BinarySearch(b.doc.LostIDs, string(m[1])); !has {
			b.doc.LostIDs = slices.Insert(b.doc.LostIDs, at, string(m[1]))
		}
	}
	if b.foreign == nil {
		b.foreign = map[string]*foreign{}
	}
	f := b.foreign[name]
	if f == nil {
		f = &foreign{typed: typed, span: b.firstLine(start, end)}
		b.foreign[name] = f
	} else if closes {
		return
	}
	f.times++
}

// foreignID finds the ids of elements, which is what links lead to; name is the old word for it.
var foreignID = regexp.MustCompile(`(?i)<[^<>]*\s(?:id|name)\s*=\s*["']?([^"'\s>]+)`)

var foreignName = regexp.MustCompile(`^\s*<(/?)([A-Za-z][A-Za-z0-9-]*)`)

// foreign is a kind of element that is shown as text.
type foreign struct {
	typed string    // as it stands there first
	span  diag.Span // the first
	times int
}

// reportForeign reports the kinds of element that are shown as text.
func (b *builder) reportForeign() {
	for _, name := range slices.Sorted(maps.Keys(b.foreign)) {
		f := b.foreign[name]
		more := ""
		if f.times > 1 {
			more = fmt.Sprintf(", and %d more of them", f.times-1)
		}
		b.add("raw-html", f.span, "write it in markdown, or set raw_html = true in site.toml", "HTML in markdown is shown as text: %s%s", f.typed, more)
	}
}
