package site

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"gloss/generator/content"
)

// Edit is a page before and after a change of its file.
type Edit struct{ Old, New *content.Doc }

// Relinked are the pages that may look different after a Relink. Every other page's View is what it was.
type Relinked struct {
	Pages  []*Page // those with a View of their own, in reading order
	Made   []*Made // in the order of Site.Made
	Edited []*Page // those whose text is new
}

// Relink puts new texts of pages into a linked site. It costs what these pages and their links cost, not what the site
// costs. It refuses, with ok false, when an edit changes more of a page than its prose: then the site is as it was, and a
// new one must be linked.
//
// What other pages know of a page without showing its text is its [face]. While that stays, so do all names, addresses,
// events, navigation and lists, and an edit can only change
//   - what the page itself shows and says (its targets, first mentions, findings),
//   - the sentences that the things it mentions show of it, and how often these are used,
//   - the pages that embed it, and the made pages that show its text or its length,
//   - where its blocks lie, which references to a ^block count,
//   - what it shares with other sections.
func (s *Site) Relink(edits []Edit) (out Relinked, ok bool) {
	r := relinker{Site: s, pages: map[*Page]bool{}, text: map[*Page]bool{}, made: map[string]bool{}}
	for _, e := range edits {
		if !reflect.DeepEqual(faceOf(e.Old), faceOf(e.New)) || s.wants(candidates) || s.Env.Published != nil {
			return out, false
		}
		if p := s.byFile[e.New.File]; p != nil { // else a draft that is left out
			if !s.usesSameFiles(p, e.New) {
				return out, false
			}
			r.edited = append(r.edited, edited{p, e.New, p.links, p.uses})
		} else if s.wants("unused-file") { // which says what drafts use
			return out, false
		}
	}

	moved, ok := r.blocks()
	if !ok {
		return out, false
	}

	// The new texts take the place of the old.
	before := r.sentences()
	for _, e := range r.edited {
		if e.Type == content.Section && Minutes(e.Words) != Minutes(e.doc.Words) {
			r.see("overview", "brief", "summary", "notfound") // where its reading time stands
		}
		e.count(-1)
		e.Doc, e.promise = e.doc, nil
		e.found = nil
	}
	for target, block := range moved {
		target.Block = block
	}
	pages := r.list()
	// Where their own references to blocks lead is found again with the others.
	s.toBlocks = slices.DeleteFunc(s.toBlocks, func(b blockRef) bool { return slices.Contains(pages, b.from) })
	s.eachPage(pages, (*Site).resolvePage)
	s.listBlockRefs(pages)
	s.eachPage(pages, (*Site).readPage)
	s.listShowing(pages)
	for _, e := range r.edited {
		e.count(1)
		e.replaceUses()
	}
	s.eachPage(pages, (*Site).checkPage)
	r.checkThings()
	s.checkEmbeds()

	// Who shows any of it.
	r.showText()
	r.relateAgain()
	after := r.sentences()
	r.showMentions(before, after)
	r.showRanks(before, after)
	return r.result(), true
}

// face is everything of a page that may show where its text does not: in lists, addresses, names and the resolution of
// other pages' references. Blocks can be counted only where they stand, so of these the names are enough.
type face struct {
	File   string
	Type   content.PageType
	Meta   content.Meta
	Refs   []content.Ref   // of the front matter
	Blocks []content.Block // of the front matter
	Heads  []headFace
	Named  []string // the writer's own ^names, for did-you-mean
	Lost   []string // what of its HTML nothing can lead to, which findings of others tell
	Cut    []bool   // for each heading, whether the part below it can be shown alone
}

// headFace is what a heading is called.
type headFace struct {
	ID, Text string
	Level    int
	Nested   bool
}

func faceOf(d *content.Doc) face {
	f := face{File: d.File, Type: d.Type, Meta: d.Meta, Lost: d.LostIDs}
	for _, r := range d.Refs {
		if r.Front {
			f.Refs = append(f.Refs, r)
		}
	}
	for _, b := range d.Blocks {
		if b.Kind == "front" {
			f.Blocks = append(f.Blocks, b)
		}
		if b.Named {
			f.Named = append(f.Named, b.Name+"#"+b.ID)
		}
	}
	for i, h := range d.Heads {
		f.Heads = append(f.Heads, headFace{h.ID, h.Text, h.Level, h.Nested})
		f.Cut = append(f.Cut, len(d.Elements) > 0 && headCut(d, i) != nil)
	}
	return f
}

// relinker is one Relink at work.
type relinker struct {
	*Site
	edited []edited
	text   map[*Page]bool  // whose text differs, or that of a page which they embed
	pages  map[*Page]bool  // whose View may differ, beside these
	made   map[string]bool // kinds of made pages whose View may differ; "overview" whether or not that has a file
}

// edited is a page whose text is new, with what it said before.
type edited struct {
	*Page
	doc   *content.Doc
	links []*Thing
	uses  []use
}

func (r *relinker) list() []*Page {
	var out []*Page
	for _, e := range r.edited {
		out = append(out, e.Page)
	}
	return out
}

func (r *relinker) see(kinds ...string) {
	for _, k := range kinds {
		r.made[k] = true
	}
}

// said is what the page of a thing, or a list, shows of one mention.
type said struct{ place, before, words, after string }

// sentences are what the edited pages say of each thing.
func (r *relinker) sentences() map[*Thing][]said {
	out := map[*Thing][]said{}
	for _, e := range r.edited {
		for _, u := range e.Page.uses {
			w := said{place: u.place()}
			w.before, w.words, w.after = r.sentenceOf(u.Mention, mentionRunes)
			out[u.thing] = append(out[u.thing], w)
		}
	}
	return out
}

// blocks finds the blocks again that other pages and records refer to by name. It says no when one is gone or has come,
// since the finding of that is another page's.
func (r *relinker) blocks() (moved map[*Target]int, ok bool) {
	moved = map[*Target]int{}
	docs := map[*Page]*content.Doc{}
	for _, e := range r.edited {
		docs[e.Page] = e.doc
	}
	for _, b := range r.toBlocks {
		doc := docs[b.target.Thing.Page]
		if doc == nil || docs[b.from] != nil {
			continue
		}
		at := blockOf(doc, strings.TrimPrefix(b.ref.Fragment, "^"))
		if (at >= 0) != (b.target.Block >= 0) {
			return nil, false
		}
		moved[b.target] = at
	}
	return moved, true
}

// replaceUses puts the mentions that a page makes now in the place of those that it made, which stand together, since
// all are in reading order.
func (e edited) replaceUses() {
	now := map[*Thing][]Mention{}
	for _, u := range e.uses {
		now[u.thing] = nil
	}
	for _, u := range e.Page.uses {
		now[u.thing] = append(now[u.thing], u.Mention)
	}
	for t, list := range now {
		from, _ := slices.BinarySearchFunc(t.Used, e.Order, func(m Mention, order int) int { return cmp.Compare(m.In.Order, order) })
		to := from
		for to < len(t.Used) && t.Used[to].In == e.Page {
			to++
		}
		t.Used = slices.Concat(t.Used[:from], list, t.Used[to:])
	}
}

// checkThings holds what the pages linked to, and what they link to, against the uses that are left.
func (r *relinker) checkThings() {
	for _, e := range r.edited {
		for _, t := range distinct(slices.Concat(e.links, e.Page.links)) {
			r.checkThing(t)
		}
	}
}

// showText finds the pages that show the new texts: the pages themselves, those that embed one of these, and so on.
func (r *relinker) showText() {
	for _, e := range r.edited {
		r.text[e.Page] = true
	}
	for found := true; found; {
		found = false
		for _, p := range r.showing {
			if !r.text[p] && slices.ContainsFunc(p.shows, func(q *Page) bool { return r.text[q] }) {
				r.text[p], found = true, true
			}
		}
	}
	for p := range r.text {
		if p.Type == content.Section {
			r.see("summary", "all")
		}
	}
}

// relateAgain finds what sections share, when one links to something else than before.
func (r *relinker) relateAgain() {
	if !slices.ContainsFunc(r.edited, func(e edited) bool {
		return e.Type == content.Section && !sameThings(e.links, e.Page.links)
	}) {
		return
	}
	old := map[*Page][]*Related{}
	for _, p := range r.Path {
		old[p] = p.related
	}
	r.relate()
	for _, p := range r.Path {
		if !slices.EqualFunc(p.related, old[p], func(a, b *Related) bool { return a.Page == b.Page && slices.Equal(a.Shared, b.Shared) }) {
			r.pages[p] = true
		}
	}
}

// sameThings says whether two lists without repetitions hold the same things.
func sameThings(a, b []*Thing) bool {
	return len(a) == len(b) && len(distinct(slices.Concat(a, b))) == len(a)
}

// showMentions finds the pages and lists that show another sentence of the edited pages than before.
func (r *relinker) showMentions(before, after map[*Thing][]said) {
	lists := map[string]string{"fact": "facts", "claim": "disputed", "source": "sources"} // that show mentions
	changed := func(t *Thing) {
		if slices.Equal(before[t], after[t]) {
			return
		}
		if t.Page != nil {
			r.pages[t.Page] = true
		}
		if list := lists[t.Kind]; list != "" {
			r.see(list)
		}
	}
	for t := range before {
		changed(t)
	}
	for t := range after {
		changed(t)
	}
}

// showRanks finds out whether somebody is named more or less often, which orders the overview.
func (r *relinker) showRanks(before, after map[*Thing][]said) {
	for _, both := range []map[*Thing][]said{before, after} {
		for t := range both {
			if t.Kind == string(content.Who) && len(before[t]) != len(after[t]) {
				r.see("overview")
			}
		}
	}
}

// result puts what is to be shown anew in order. A page whose text stands on a made page is shown there.
func (r *relinker) result() Relinked {
	var out Relinked
	for _, e := range r.edited {
		out.Edited = append(out.Edited, e.Page)
	}
	if r.overview != nil && r.made["overview"] {
		r.pages[r.overview] = true
	}
	for p := range r.text {
		r.pages[p] = true
	}
	made := map[*Made]bool{}
	for p := range r.pages {
		if p.Made != nil {
			made[p.Made] = true
		} else {
			out.Pages = append(out.Pages, p)
		}
	}
	slices.SortFunc(out.Pages, func(a, b *Page) int { return cmp.Compare(a.Order, b.Order) })
	for _, m := range r.Made {
		if made[m] || r.made[m.Kind] {
			out.Made = append(out.Made, m)
		}
	}
	return out
}
