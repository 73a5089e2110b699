package site

import (
	"cmp"
	"fmt"
	"html/template"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gloss/generator/content"
)

// viewer makes the View of one page. It holds what counts up along the page: sources, notes, embeds.
type viewer struct {
	s    *Site
	page *Page  // nil on made pages without a file
	url  string // of the page being made
	abs  string // the base path, on the 404 page, whose address can be any; "" elsewhere

	cites  []*Thing
	number map[*Thing]int
	uses   map[*Thing][]UseView
	marks  int             // citation marks so far
	claims map[*Thing]bool // embedded so far, so that ids stay unique
	embeds []region        // being shown, from the page itself inwards
	parts  int             // embeds so far
	prefix string          // before ids inside an embed
	shift  int             // of the levels of headings inside an embed
	flow   flow
}

func (s *Site) viewer(p *Page, url string) *viewer {
	return &viewer{s: s, page: p, url: url}
}

// rel writes an address as seen from the page being made.
func (v *viewer) rel(to string) string {
	if v.abs != "" {
		return v.abs + to
	}
	return relative(v.url, to)
}

// esc writes text as HTML.
func esc(s string) string { return content.Escape(s) }

// inline fills the holes of a line of markdown of a page.
func (v *viewer) inline(p *Page, body []content.Piece) template.HTML {
	var b strings.Builder
	v.fill(&b, body, p.Refs, p.Targets, nil)
	return template.HTML(b.String())
}

// dataInline does the same for the text of a record.
func (v *viewer) dataInline(d *content.Data, body []content.Piece) template.HTML {
	var b strings.Builder
	v.fill(&b, body, d.Refs, v.s.dataRefs[d], nil)
	return template.HTML(b.String())
}

// quoted fills a text that belongs to another page: its citations show no number here.
func (v *viewer) quoted(p *Page, in content.Inline) template.HTML {
	w := v.s.viewer(nil, v.url)
	w.abs = v.abs
	var b strings.Builder
	w.fill(&b, in.Body, p.Refs, p.Targets, nil)
	return template.HTML(stripCites(b.String()))
}

// stripCites takes the citation marks out of filled HTML; they are the only <sup class="cite">.
func stripCites(s string) string {
	for {
		i := strings.Index(s, `<sup class="cite">`)
		if i < 0 {
			return s
		}
		j := strings.Index(s[i:], "</sup>")
		if j < 0 {
			return s
		}
		s = strings.TrimRight(s[:i], " ") + s[i+j+len("</sup>"):]
	}
}

// parts collects a body: HTML, and the things that layouts draw.
type parts struct {
	list []Part
	b    strings.Builder
}

func (p *parts) flush() {
	if p.b.Len() > 0 {
		p.list = append(p.list, Part{HTML: template.HTML(p.b.String())})
		p.b.Reset()
	}
}

func (p *parts) add(part Part) {
	p.flush()
	p.list = append(p.list, part)
}

// body fills a stretch of a page's body.
func (v *viewer) body(p *Page, from, to content.Pos) []Part {
	var out parts
	v.embeds = append(v.embeds, region{p, from, to})
	size := 0
	for _, piece := range p.Body[from.Piece:min(to.Piece+1, len(p.Body))] {
		size += len(piece.HTML)
	}
	out.b.Grow(size + size/4) // with room for what the holes take
	v.slice(&out, p, from, to)
	v.embeds = v.embeds[:len(v.embeds)-1]
	out.flush()
	return out.list
}

func (v *viewer) whole(p *Page) []Part {
	return v.body(p, content.Pos{}, content.Pos{Piece: len(p.Body)})
}

// slice writes the pieces between two places, with first mentions linked.
func (v *viewer) slice(out *parts, p *Page, from, to content.Pos) {
	auto := 0
	for i := from.Piece; i <= to.Piece && i < len(p.Body); i++ {
		piece := p.Body[i]
		if piece.Ref >= 0 {
			if i < to.Piece {
				v.hole(&out.b, out, piece, p.Refs, p.Targets, p)
			}
			continue
		}
		a, b := 0, len(piece.HTML)
		if i == from.Piece {
			a = from.Offset
		}
		if i == to.Piece {
			b = to.Offset
		}
		for ; auto < len(p.Autos) && (p.Autos[auto].Piece < i || p.Autos[auto].Piece == i && p.Autos[auto].From < a); auto++ {
		}
		at := a
		for ; auto < len(p.Autos) && p.Autos[auto].Piece == i && p.Autos[auto].To <= b; auto++ {
			m := p.Autos[auto]
			out.b.WriteString(v.shifted(piece.HTML[at:m.From]))
			if m.Thing == v.pageThing() {
				out.b.WriteString(piece.HTML[m.From:m.To])
			} else {
				write(&out.b, `<a class="e" href="`, esc(v.rel(m.Thing.URL)), `">`, piece.HTML[m.From:m.To], `</a>`)
			}
			at = m.To
		}
		out.b.WriteString(v.shifted(piece.HTML[at:b]))
	}
}

func (v *viewer) pageThing() *Thing {
	if v.page == nil {
		return nil
	}
	return v.page.Thing
}

var headingTag = regexp.MustCompile(`</?h[2-6][ >]`)

// shifted adapts literal HTML that is embedded: ids get a prefix, so that none stands twice on the page, and headings
// move to the level that fits. Text cannot be mistaken for either, since it is escaped.
func (v *viewer) shifted(h string) string {
	if v.prefix == "" {
		return h
	}
	h = strings.ReplaceAll(h, ` id="`, ` id="`+v.prefix)
	h = strings.ReplaceAll(h, ` aria-labelledby="`, ` aria-labelledby="`+v.prefix)
	h = strings.ReplaceAll(h, `<a class="anchor" href="#`, `<a class="anchor" href="#`+v.prefix)
	return headingTag.ReplaceAllStringFunc(h, func(tag string) string {
		i := len(tag) - 2
		return tag[:i] + strconv.Itoa(max(2, min(6, int(tag[i]-'0')+v.shift))) + tag[i+1:]
	})
}

// fill writes pieces that hold inline content only.
func (v *viewer) fill(b *strings.Builder, body []content.Piece, refs []content.Ref, targets []Target, p *Page) {
	for _, piece := range body {
		if piece.Ref < 0 {
			b.WriteString(v.shifted(piece.HTML))
			continue
		}
		v.hole(b, nil, piece, refs, targets, p)
	}
}

// hole writes what belongs where a reference stands. out is nil inside a line.
func (v *viewer) hole(b *strings.Builder, out *parts, piece content.Piece, refs []content.Ref, targets []Target, p *Page) {
	r, t := &refs[piece.Ref], targets[piece.Ref]
	if r.Attr {
		b.WriteString(esc(v.attr(r, t)))
		return
	}
	switch r.Kind {
	case content.RefCite:
		v.cite(b, r, t)
	case content.RefImage:
		v.image(b, r, t)
	case content.RefNote:
		v.noteMark(b, r, p)
	case content.RefAside:
		v.aside(b, r, p)
	case content.RefSources:
		if out != nil {
			out.add(Part{Sources: true})
		}
	case content.RefChart:
		if out != nil {
			c := v.chartView(p, r.Index)
			c.ID = v.prefix + c.ID
			out.add(Part{Chart: c})
		}
	case content.RefTimeline:
		if out != nil {
			tl := v.timeline(p, &p.Lines[r.Index])
			tl.ID = v.prefix + p.Blocks[r.Block].ID
			out.add(Part{Timeline: tl})
		}
	case content.RefEmbed:
		if out == nil || v.inlineEmbed(r, p) {
			v.anchor(b, r, t, piece.Close)
			return
		}
		v.embed(b, out, r, t, p)
	default:
		v.anchor(b, r, t, piece.Close)
	}
}

// inlineEmbed says whether an embed stands inside a line of text, where it is shown as a link.
func (v *viewer) inlineEmbed(r *content.Ref, p *Page) bool {
	return p == nil || r.Block < 0 || p.Blocks[r.Block].Kind != "embed"
}

// anchor opens or closes a link.
func (v *viewer) anchor(b *strings.Builder, r *content.Ref, t Target, closes bool) {
	if !t.OK() {
		if r.Planned {
			return // plain text (ahead.md 3.15)
		}
		if closes {
			b.WriteString("</span>")
		} else {
			b.WriteString(`<span class="broken">`)
		}
		return
	}
	if closes {
		if r.Kind == content.RefEvent && t.Thing != nil && t.Thing.Event != nil && !t.Thing.Event.Date.IsZero() {
			b.WriteString("</time>")
		}
		b.WriteString("</a>")
		if r.Kind == content.RefEmbed && t.Asset != nil {
			b.WriteString(" (" + esc(fileFacts(t.Asset)) + ")")
		}
		return
	}
	if t.Asset != nil {
		b.WriteString(`<a href="` + esc(v.rel(EscapePath(t.Asset.Path))+t.file()) + `"` + title(r) + `>`)
		return
	}
	to := t.Thing.URL
	if t.Fragment != "" {
		to += "#" + t.Fragment
	}
	class := ""
	switch t.Thing.Kind {
	case "fact":
		if r.Kind == content.RefLink && r.Label != "" && !content.HasNumber(r.Label) { // words about the fact, not its value
			class = ` class="e"`
			break
		}
		f := t.Thing.Fact
		asOf := f.AsOf
		if t.Past >= 0 {
			asOf = f.History[t.Past].AsOf
		}
		b.WriteString(`<a class="f" href="` + esc(v.rel(to)) + `" title="` + esc(v.s.Lang.UI.AsOf+" "+v.s.Lang.FormatDate(asOf)) + `">`)
		if r.Label == "" {
			b.WriteString(esc(v.s.insert(f, t.Past)))
		}
		return
	case "event":
		if r.Kind == content.RefEvent {
			e := t.Thing.Event
			b.WriteString(`<a class="d" href="` + esc(v.rel(to)) + `">`)
			if !e.Date.IsZero() {
				b.WriteString(`<time datetime="` + esc(v.s.Lang.ISOLike(r.Label, e.Date)) + `">`)
			}
			if r.Label == "" {
				b.WriteString(esc(v.s.when(e)))
			}
			return
		}
		class = ` class="e"`
	case "term", "who", "claim", "source":
		class = ` class="e"`
	}
	href := v.rel(to)
	if t.Thing.Page == v.page && v.page != nil && t.Fragment == "" {
		if r.Fragment == "top" || r.Target == "" {
			href = "#top"
		}
	}
	write(b, `<a`, class, ` href="`, esc(href), `"`, title(r), `>`)
}

// attr is an address for an attribute of HTML.
func (v *viewer) attr(r *content.Ref, t Target) string {
	to := ""
	switch {
	case !t.OK():
		return r.Target
	case t.Asset != nil:
		to = v.rel(EscapePath(t.Asset.Path) + t.file())
	case t.Fragment == "" && r.Fragment == "top" && r.Target == "":
		to = "#top"
	default:
		to = v.rel(t.Thing.URL + hash(t.Fragment))
	}
	if r.Query == "" {
		return to
	}
	to, fragment, has := strings.Cut(to, "#")
	to += "?" + r.Query
	if has {
		to += "#" + fragment
	}
	return to
}

// file is the fragment of a reference to a file, with its #, or "".
func (t Target) file() string {
	if t.Fragment == "" {
		return ""
	}
	return "#" + EscapePath(t.Fragment)
}

// fileFacts says what a file is that is not shown on the page: its type and size, such as "DOCX, 120 KB". A KB has 1,000
// bytes.
func fileFacts(a *Asset) string {
	size := fmt.Sprintf("%d KB", (a.Size+999)/1000)
	if a.Size >= 1e6 {
		size = strings.TrimSuffix(strconv.FormatFloat(float64(a.Size)/1e6, 'f', 1, 64), ".0") + " MB"
	}
	ending := strings.ToUpper(strings.TrimPrefix(path.Ext(a.Path), "."))
	if ending == "" {
		return size
	}
	return ending + ", " + size
}

// write writes one text after another.
func write(b *strings.Builder, texts ...string) {
	for _, t := range texts {
		b.WriteString(t)
	}
}

func title(r *content.Ref) string {
	if r.Title == "" {
		return ""
	}
	return ` title="` + esc(r.Title) + `"`
}

func (v *viewer) cite(b *strings.Builder, r *content.Ref, t Target) {
	if t.Thing == nil {
		if r.Cite.Narrative {
			b.WriteString("@" + esc(r.Target))
		} else {
			b.WriteString(`<span class="broken">` + esc(r.Target) + `</span>`)
		}
		return
	}
	n := v.sourceNumber(t.Thing)
	v.marks++
	id := "_c-" + strconv.Itoa(v.marks) // with a _, which no heading's id starts with
	src := t.Thing.Source
	who := shortName(src)
	loc := r.Cite.Locator
	if r.Cite.Prefix != "" {
		loc = strings.TrimSpace(r.Cite.Prefix + " " + loc)
	}
	if v.uses == nil {
		v.uses = map[*Thing][]UseView{}
	}
	v.uses[t.Thing] = append(v.uses[t.Thing], UseView{URL: "#" + id, Label: letters(len(v.uses[t.Thing])), Locator: loc})
	label := fmt.Sprintf("%s %d: %s", v.s.Lang.UI.Source, n, who)
	if loc != "" {
		label += ", " + loc
	}
	if r.Cite.Narrative {
		write(b, esc(who), `<sup class="cite">`)
	}
	write(b, `<a href="#_s-`, esc(t.Thing.ID), `" id="`, id, `" role="doc-biblioref" aria-label="`, esc(label), `">`, strconv.Itoa(n), `</a>`)
	if r.Cite.Narrative {
		b.WriteString(`</sup>`)
	}
}

// sourceNumber numbers sources in order of first use on the page.
func (v *viewer) sourceNumber(t *Thing) int {
	if n := v.number[t]; n > 0 {
		return n
	}
	if v.number == nil { // few pages cite anything
		v.number = map[*Thing]int{}
	}
	v.cites = append(v.cites, t)
	v.number[t] = len(v.cites)
	return len(v.cites)
}

// letters is a, b, … z, aa, ab …
func letters(n int) string {
	s := ""
	for n++; n > 0; n = (n - 1) / 26 {
		s = string(rune('a'+(n-1)%26)) + s
	}
	return s
}

// EscapePath escapes a file's path for use in an address.
func EscapePath(p string) string {
	if strings.HasPrefix(p, "data:") {
		return p
	}
	var b strings.Builder
	for i := range len(p) {
		switch c := p[i]; {
		case c == ' ' || c == '%' || c == '#' || c == '?' || c == '"' || c == '<' || c == '>' || c < ' ':
			fmt.Fprintf(&b, "%%%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func (v *viewer) image(b *strings.Builder, r *content.Ref, t Target) {
	if t.Asset == nil {
		b.WriteString(`<span class="broken">` + esc(r.Image.Alt) + `</span>`)
		return
	}
	src := t.Asset.Path
	if !strings.HasPrefix(src, "data:") {
		src = v.rel(EscapePath(src))
	}
	w, h := t.Asset.Width, t.Asset.Height
	if r.Image.Width > 0 {
		if r.Image.Height > 0 {
			h = r.Image.Height
		} else if w > 0 {
			h = max(1, h*r.Image.Width/w)
		}
		w = r.Image.Width
	}
	switch content.MediaOf(t.Asset.Path) {
	case content.Film:
		b.WriteString(`<video controls preload="metadata" src="` + esc(src) + `" aria-label="` + esc(r.Image.Alt) + `"></video>`)
		return
	case content.Sound:
		b.WriteString(`<audio controls preload="none" src="` + esc(src) + `" aria-label="` + esc(r.Image.Alt) + `"></audio>`)
		return
	case content.Paper, content.FileMedia:
		if strings.HasPrefix(t.Asset.Path, "data:") {
			break
		}
		b.WriteString(`<a href="` + esc(src+t.file()) + `">` + esc(cmp.Or(r.Image.Alt, path.Base(t.Asset.Path))) + `</a> (` + esc(fileFacts(t.Asset)) + `)`)
		return
	}
	b.WriteString(`<img src="` + esc(src) + `" alt="` + esc(r.Image.Alt) + `"`)
	if w > 0 {
		fmt.Fprintf(b, ` width="%d"`, w)
	}
	if h > 0 {
		fmt.Fprintf(b, ` height="%d"`, h)
	}
	b.WriteString(title(r) + ` loading="lazy" decoding="async">`)
}

// noteID is the letter of a note and its id on the page.
func (v *viewer) noteID(r *content.Ref) string { return v.prefix + letters(r.Index) }

func (v *viewer) noteMark(b *strings.Builder, r *content.Ref, p *Page) {
	if p == nil {
		return // a note in front matter has no place to be shown
	}
	id := v.noteID(r)
	ref := "_r-" + id
	if r.At != "1" {
		ref += "-" + r.At
	}
	letter := letters(r.Index)
	write(b, `<sup class="ref"><a href="#_n-`, id, `" id="`, ref, `" role="doc-noteref" aria-label="`, esc(v.s.Lang.UI.Note), ` `, letter, `">`, letter, `</a></sup>`)
}

func (v *viewer) aside(b *strings.Builder, r *content.Ref, p *Page) {
	n := &p.Notes[r.Index]
	id := v.noteID(r)
	up := v.flow.up(p, r, n)
	name := v.s.Lang.UI.Note + " " + letters(r.Index)
	if v.prefix != "" {
		name += ", " + p.Thing.Title // a landmark needs a name of its own on the page
	}
	write(b, `<aside class="note u`, strconv.Itoa(up), `" id="_n-`, id, `" role="doc-footnote" aria-label="`, esc(name), `"><b>`, letters(r.Index), `</b> `)
	v.fill(b, n.Body, p.Refs, p.Targets, p)
	for i := range n.Uses {
		ref := "_r-" + id
		if i > 0 {
			ref += "-" + strconv.Itoa(i+1)
		}
		write(b, `<a class="back" href="#`, ref, `" role="doc-backlink" aria-label="`, esc(v.s.Lang.UI.BackToText), `">↩</a>`)
	}
	b.WriteString("</aside>")
}

// flow packs the notes in the margin at build, so that none overlaps another (reader.md 2.4). Everything is counted in
// lines of body text, estimated at 64 characters a line of text and 32 a line of a note.
type flow struct {
	bottom map[*Page]float64 // where the last note ends
}

// up returns by how many lines a note may rise from the end of its paragraph towards its mark, at most 12.
func (f *flow) up(p *Page, aside *content.Ref, n *content.Note) int {
	if f.bottom == nil {
		f.bottom = map[*Page]float64{}
	}
	end := 0.0 // the end of the note's block on the page
	for i := 0; i <= aside.Block && i < len(p.Blocks); i++ {
		if b := p.Blocks[i]; b.Kind != "note" && b.Kind != "front" && b.Kind != "html" {
			end += float64((utf8.RuneCountInString(b.Text)+63)/64) + 0.6
		}
	}
	mark, block := 0, p.Blocks[aside.Block].Text
	for _, r := range p.Refs {
		if r.Kind == content.RefNote && r.Index == aside.Index && r.Block == aside.Block {
			mark = r.From
			break
		}
	}
	lines := (utf8.RuneCountInString(block) + 63) / 64
	want := lines - min(mark, len(block))/64
	height := float64((utf8.RuneCountInString(n.Text)+31)/32+1) * 0.76 * 1.25
	up := float64(max(0, min(12, want)))
	if top := end - up; top < f.bottom[p] {
		up = max(0, float64(int(end-f.bottom[p])))
	}
	f.bottom[p] = max(f.bottom[p], end-up) + height
	return int(up)
}

// embed writes another page, a part of it, or a record in full (T-14).
func (v *viewer) embed(b *strings.Builder, out *parts, r *content.Ref, t Target, p *Page) {
	if t.Asset != nil {
		b.WriteString("<p>")
		v.anchor(b, r, t, false)
		b.WriteString(esc(r.Label))
		v.anchor(b, r, t, true)
		b.WriteString("</p>")
		return
	}
	if t.Thing == nil {
		b.WriteString(`<p><span class="broken">` + esc(r.Label) + `</span></p>`)
		return
	}
	switch t.Thing.Kind {
	case "claim":
		c := v.claim(t.Thing)
		if v.claims[t.Thing] {
			c.ID = "" // its second copy on the page has no id
		}
		if v.claims == nil {
			v.claims = map[*Thing]bool{}
		}
		v.claims[t.Thing] = true
		out.add(Part{Claim: &c})
		return
	case "fact":
		f := v.fact(t.Thing)
		out.add(Part{Fact: &f})
		return
	case "source":
		b.WriteString("<p>" + string(v.source(t.Thing).Text) + "</p>")
		return
	}
	q := t.Thing.Page
	if q == nil { // an event without a page
		e := v.event(t.Thing.Event)
		out.add(Part{Timeline: &TimelineView{Groups: []TimelineGroup{{Events: []EventView{e}}}}})
		return
	}
	part := regionOf(t)
	if slices.Contains(v.embeds, part) {
		return // a circle, which a finding reports
	}
	prefix, shift := v.prefix, v.shift
	v.parts++
	v.prefix = fmt.Sprintf("_e%d-", v.parts)
	// Its highest heading comes one level below the heading that the embed stands under.
	under, top := 1, 2
	if h := p.Blocks[r.Block].Head; h >= 0 {
		under = p.Heads[h].Level
	}
	if t.Head >= 0 {
		top = q.Heads[t.Head].Level
	}
	v.shift = max(2, under+shift+1) - top
	url := q.URL
	if t.Fragment != "" {
		url += "#" + t.Fragment
	}
	b.WriteString(`<div class="embed">`)
	v.embeds = append(v.embeds, part)
	v.slice(out, q, part.from, part.to)
	v.embeds = v.embeds[:len(v.embeds)-1]
	v.prefix, v.shift = prefix, shift
	out.b.WriteString(`<p class="embed-from">` + esc(v.s.Lang.UI.Embedded) + ` <a href="` + esc(v.rel(url)) + `">` + esc(q.Thing.Title) + "</a></p></div>\n")
}

// region is a stretch of a page's body that is shown as one.
type region struct {
	page     *Page
	from, to content.Pos
}

func wholeOf(p *Page) region { return region{page: p, to: content.Pos{Piece: len(p.Body)}} }

// holds says whether the piece of a hole lies in the region.
func (r region) holds(piece int) bool {
	return piece >= r.from.Piece && (piece < r.to.Piece)
}

// regionOf is what an embed of a page shows.
func regionOf(t Target) region {
	p := t.Thing.Page
	r := wholeOf(p)
	switch {
	case t.Head >= 0:
		r.from, r.to = headSlice(p.Doc, t.Head)
	case t.Block >= 0:
		r.from, r.to = p.Blocks[t.Block].From, p.Blocks[t.Block].To
	}
	return r
}

// headSlice is a heading with what stands below it, up to the next heading of its level or higher.
func headSlice(p *content.Doc, h int) (from, to content.Pos) {
	head := p.Heads[h]
	block := p.Blocks[head.Block]
	if head.Nested { // inside a box or list: show the box
		for i := head.Block; i >= 0; i-- {
			if p.Blocks[i].Top {
				return p.Blocks[i].From, p.Blocks[i].To
			}
		}
		return block.From, block.To
	}
	to = content.Pos{Piece: len(p.Body)}
	for _, n := range p.Heads[h+1:] {
		if n.Level <= head.Level && !n.Nested {
			return block.From, p.Blocks[n.Block].From
		}
	}
	return block.From, to
}

// headCut returns the element of HTML that starts or ends in the middle of the part below a heading, so that the part
// cannot be shown alone, or nil.
func headCut(p *content.Doc, h int) *content.Element {
	from, to := headSlice(p, h)
	for i, e := range p.Elements {
		if e.Holds(from) || e.Holds(to) {
			return &p.Elements[i]
		}
	}
	return nil
}
