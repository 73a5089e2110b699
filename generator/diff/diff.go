// Package diff compares two finished sites as an editor would: which facts have another value and in which sentences,
// which sections are new, gone or reworded, which events, sources, claims and redirects came and went.
//
// [Compare] takes the files of two outputs and returns a [Report]; [Report.Text] and [Report.JSON] write it, [Page] makes
// a page of it. What counts is what the outputs say to programs: site.json and the files of records, and the text of each
// page in its markdown twin. So neither a layout nor white space nor the order of files takes part, and an output is
// compared alike whether it was built just now, lies in a folder or in a commit.
//
// The package is pure, and Compare(a, b) is the mirror of Compare(b, a).
package diff

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gloss/generator/content"
)

// Report is everything that differs between two sites for their readers. Lists are empty when nothing differs.
type Report struct {
	Old       string       `json:"old"` // what was compared, in words
	New       string       `json:"new"`
	Changed   bool         `json:"changed"`
	Site      []Field      `json:"site"`
	Facts     []Change     `json:"facts"`
	Pages     []PageChange `json:"pages"` // in reading order, those that are gone last
	Claims    []Change     `json:"claims"`
	Events    []Change     `json:"events"`
	Sources   []Change     `json:"sources"`
	Redirects []Change     `json:"redirects"`
	Entries   []Change     `json:"entries"` // of the list of changes
	Files     []Change     `json:"files"`   // images and the like

	lang, dir, base string // of the new site
}

// What says how a thing differs.
type What string

// The ways in which a thing differs. Sentences only: Reworded, Cited, Linked. Pages only: Moved, which sentences are,
// too, when they stand elsewhere on their page.
const (
	New      What = "new"
	Removed  What = "removed"
	Changed  What = "changed"
	Moved    What = "moved"    // its text stands at another address, or place
	Reworded What = "reworded" // other words
	Cited    What = "cited"    // the same words, other sources
	Linked   What = "linked"   // the same words, another address behind a link or image
)

// Field is one value that differs; "" is none.
type Field struct {
	Name string `json:"name"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

// Change is a record that differs.
type Change struct {
	What   What    `json:"what"`
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	URL    string  `json:"url,omitempty"`    // from the root of the site that has it, the new one first
	Text   string  `json:"text,omitempty"`   // what it says, of one that is new or removed
	Fields []Field `json:"fields,omitempty"` // that differ, of one that is changed
	On     []Place `json:"on,omitempty"`     // facts: the pages that name it
}

// Place is a page with the sentences that name a fact.
type Place struct {
	URL       string     `json:"url"`
	Title     string     `json:"title"`
	Sentences []Sentence `json:"sentences"`
}

// PageChange is a page that differs.
type PageChange struct {
	What      What       `json:"what"` // new, removed, moved, changed
	Kind      string     `json:"kind"` // section, term, who, event, plain, overview …
	URL       string     `json:"url"`  // the new one, if there is one
	Title     string     `json:"title"`
	OldURL    string     `json:"old_url,omitempty"`   // when it moved
	OldTitle  string     `json:"old_title,omitempty"` // when it is another
	Fields    []Field    `json:"fields,omitempty"`    // that differ beside the text: certainty, other names
	Sentences []Sentence `json:"sentences,omitempty"` // in order; of new and removed pages all of them
}

// Sentence is a sentence, heading, row of a table or line of code that differs. Of a place of a fact, What is empty for a
// sentence that names the fact and reads as before; those are listed when something else than the value differs.
type Sentence struct {
	What    What     `json:"what,omitempty"`
	Under   string   `json:"under,omitempty"` // the heading above it
	Old     string   `json:"old,omitempty"`
	New     string   `json:"new,omitempty"`
	Gained  []string `json:"gained,omitempty"` // sources, with the place in them
	Lost    []string `json:"lost,omitempty"`
	Links   []Field  `json:"links,omitempty"` // their words and addresses
	Heading bool     `json:"heading,omitempty"`
}

// Compare says what differs between two outputs, given as their files by path. Neither is changed. It fails with
// [ErrNoList] when one is no output, or that of a gloss which did not write site.json yet.
func Compare(before, after map[string][]byte) (*Report, error) {
	a, err := read(before)
	if err != nil {
		return nil, fmt.Errorf("read the old site: %w", err)
	}
	b, err := read(after)
	if err != nil {
		return nil, fmt.Errorf("read the new site: %w", err)
	}
	r := &Report{lang: b.lang.Tag, dir: b.lang.Dir, base: b.base, Site: differing(a.site, b.site), Facts: compareRecords(a.facts, b.facts), Claims: compareRecords(a.claims, b.claims), Events: compareRecords(a.events, b.events),
		Sources: compareRecords(a.sources, b.sources), Redirects: compareRecords(a.redirects, b.redirects), Entries: compareRecords(a.changes, b.changes), Files: compareRecords(a.files, b.files)}
	for i := range r.Files {
		r.Files[i].Fields = nil // the bytes say nothing to an editor
	}
	r.comparePages(a, b)
	r.Changed = len(r.Site)+len(r.Facts)+len(r.Pages)+len(r.Claims)+len(r.Events)+len(r.Sources)+len(r.Redirects)+len(r.Entries)+len(r.Files) > 0
	return r, nil
}

// differing lists the fields that two records do not share.
func differing(a, b []Field) []Field {
	out := []Field{}
	for _, f := range b {
		old := ""
		if i := slices.IndexFunc(a, func(o Field) bool { return o.Name == f.Name }); i >= 0 {
			old = a[i].New
		}
		if old != f.New {
			out = append(out, Field{f.Name, old, f.New})
		}
	}
	for _, f := range a {
		if !slices.ContainsFunc(b, func(o Field) bool { return o.Name == f.Name }) {
			out = append(out, Field{f.Name, f.New, ""})
		}
	}
	return out
}

// compareRecords pairs the records of two sites by their ids: those of the new site in its order, then those that are
// gone.
func compareRecords(a, b []record) []Change {
	out := []Change{}
	old := map[string]*record{}
	for i := range a {
		old[a[i].id] = &a[i]
	}
	for i := range b {
		n := &b[i]
		o := old[n.id]
		delete(old, n.id)
		if o == nil {
			out = append(out, Change{What: New, ID: n.id, Title: n.title, URL: n.url, Text: n.text})
		} else if f := differing(o.fields, n.fields); len(f) > 0 {
			out = append(out, Change{What: Changed, ID: n.id, Title: n.title, URL: n.url, Fields: f})
		}
	}
	for i := range a {
		if o := &a[i]; old[o.id] == o {
			out = append(out, Change{What: Removed, ID: o.id, Title: o.title, URL: o.url, Text: o.text})
		}
	}
	return out
}

// comparePages fills Pages, and the places of the facts that differ.
func (r *Report) comparePages(a, b *model) {
	pairs := pairPages(a, b)
	to := map[string]string{} // address in the old site → in the new
	for _, p := range pairs {
		if p[0] != nil && p[1] != nil {
			to[p[0].url] = p[1].url
		}
	}
	r.Site = append(r.Site, order(a, pairs)...)
	facts := map[string]*Change{}
	for i := range r.Facts {
		facts[r.Facts[i].ID] = &r.Facts[i]
	}
	r.Pages = []PageChange{}
	for _, p := range pairs {
		o, n := p[0], p[1]
		switch {
		case o == nil:
			r.Pages = append(r.Pages, PageChange{What: New, Kind: n.kind, URL: n.url, Title: n.title, Sentences: all(b.units(n), New)})
			r.place(facts, n, nil, b.units(n), nil)
			continue
		case n == nil:
			r.Pages = append(r.Pages, PageChange{What: Removed, Kind: o.kind, URL: o.url, Title: o.title, Sentences: all(a.units(o), Removed)})
			r.place(facts, o, a.units(o), nil, nil)
			continue
		}
		change := PageChange{What: Changed, Kind: n.kind, URL: n.url, Title: n.title, Fields: differing(o.fields, n.fields)}
		if o.url != n.url {
			change.What, change.OldURL = Moved, o.url
		}
		if o.title != n.title {
			change.OldTitle = o.title
		}
		if !bytes.Equal(o.twin, n.twin) || o.url != n.url || namesAny(n.twin, facts) {
			x, y := a.units(o), b.units(n)
			steps := align(x, y)
			change.Sentences = r.sentences(a, b, x, y, steps, to, facts)
			r.place(facts, n, x, y, steps)
		}
		if change.What == Moved || change.OldTitle != "" || len(change.Fields)+len(change.Sentences) > 0 {
			r.Pages = append(r.Pages, change)
		}
	}
}

// order is the order of the questions that both sites have, if it differs.
func order(a *model, pairs [][2]*page) []Field {
	place := map[*page]int{}
	for i, p := range a.pages {
		place[p] = i
	}
	var was, now []*page
	var titles []string
	for _, p := range pairs {
		if p[0] != nil && p[1] != nil && p[0].kind == string(content.Section) && p[1].kind == string(content.Section) {
			was, now, titles = append(was, p[0]), append(now, p[0]), append(titles, p[1].title)
		}
	}
	slices.SortFunc(was, func(p, q *page) int { return cmp.Compare(place[p], place[q]) })
	if slices.Equal(was, now) {
		return nil
	}
	var old []string
	for _, p := range was {
		old = append(old, p.title)
	}
	return []Field{{"order of the questions", strings.Join(old, " · "), strings.Join(titles, " · ")}}
}

// namesAny says whether a page's markdown links to one of the facts, so that it is read although it did not change.
func namesAny(twin []byte, facts map[string]*Change) bool {
	for id := range facts {
		if bytes.Contains(twin, []byte("facts/#"+id+")")) {
			return true
		}
	}
	return false
}

func all(units []unit, what What) []Sentence {
	out := []Sentence{}
	for _, u := range units {
		s := Sentence{What: what, Under: u.under, Heading: u.head}
		if what == New {
			s.New, s.Gained = u.text, u.cites
		} else {
			s.Old, s.Lost = u.text, u.cites
		}
		out = append(out, s)
	}
	return out
}

// sentences lists what differs between the texts of a page. Left out are sentences of which only the words of a changed
// fact differ: they are told with the fact.
func (r *Report) sentences(a, b *model, x, y []unit, steps []step, to map[string]string, facts map[string]*Change) []Sentence {
	var out []Sentence
	for _, s := range steps {
		switch {
		case s.old < 0:
			out = append(out, all(y[s.new:s.new+1], New)...)
			continue
		case s.new < 0:
			out = append(out, all(x[s.old:s.old+1], Removed)...)
			continue
		}
		o, n := x[s.old], y[s.new]
		c := Sentence{Under: n.under, Old: o.text, New: n.text, Gained: missing(o.cites, n.cites), Lost: missing(n.cites, o.cites), Links: links(o, n, to), Heading: n.head}
		switch {
		case o.text != n.text && !(len(c.Gained)+len(c.Lost)+len(c.Links) == 0 && a.without(o, facts) == b.without(n, facts)):
			c.What = Reworded
		case s.moved:
			c.What = Moved
		case len(c.Gained)+len(c.Lost) > 0:
			c.What = Cited
		case len(c.Links) > 0:
			c.What = Linked
		default:
			continue
		}
		out = append(out, c)
	}
	return out
}

// without writes a unit with a sign in the place of each changed fact that it names, and of the fact's date.
func (m *model) without(u unit, facts map[string]*Change) string {
	text := u.text
	for _, l := range slices.Backward(slices.SortedFunc(slices.Values(u.links), func(p, q link) int { return cmp.Compare(p.from, q.from) })) {
		if id, ok := strings.CutPrefix(l.target, "facts/#"); ok && facts[id] != nil {
			text = text[:l.from] + "\x01" + text[l.to:]
		}
	}
	for _, id := range u.facts() {
		if d := m.asOf[id]; d != "" && facts[id] != nil {
			text = strings.ReplaceAll(text, d, "\x02")
		}
	}
	return text
}

// missing are the entries of b that a does not have.
func missing(a, b []string) []string {
	var out []string
	for _, x := range b {
		if !slices.Contains(a, x) && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// links are those with the same words and another address, in two readings of a sentence. What follows # on a page does
// not count, since a heading's id changes with its words; a record's id does.
func links(o, n unit, to map[string]string) []Field {
	var out []Field
	for i, l := range n.links {
		if i >= len(o.links) || len(o.links) != len(n.links) {
			break
		}
		was := o.links[i]
		words, old := n.text[l.from:l.to], o.text[was.from:was.to]
		if words != old || l.image != was.image {
			continue
		}
		from, at := was.target, l.target
		page, id, _ := strings.Cut(from, "#")
		if moved, ok := to[page]; ok {
			from = moved
			now, nowID, _ := strings.Cut(at, "#")
			if at = now; listsRecords[page] && id != nowID {
				from, at = from+"#"+id, at+"#"+nowID
			}
		}
		if from != at {
			out = append(out, Field{words, was.target, l.target})
		}
	}
	if len(o.links) != len(n.links) && o.text == n.text { // a link more or less, behind the same words
		count := map[string]int{}
		for _, l := range n.links {
			count[l.target]++
		}
		for _, l := range o.links {
			if target := l.target; count[target] > 0 {
				count[target]--
			} else {
				out = append(out, Field{o.text[l.from:l.to], l.target, ""})
			}
		}
		for _, l := range n.links {
			if count[l.target] > 0 {
				count[l.target]--
				out = append(out, Field{n.text[l.from:l.to], "", l.target})
			}
		}
	}
	return out
}

// listsRecords are the pages on which what follows # is the id of a record.
var listsRecords = map[string]bool{"facts/": true, "disputed/": true, "timeline/": true, "sources/": true}

// place enters the sentences of a page into the places of the changed facts that they name.
func (r *Report) place(facts map[string]*Change, p *page, x, y []unit, steps []step) {
	if len(facts) == 0 {
		return
	}
	if steps == nil {
		for i := range x {
			steps = append(steps, step{old: i, new: -1})
		}
		for i := range y {
			steps = append(steps, step{old: -1, new: i})
		}
	}
	for _, s := range steps {
		c := Sentence{}
		ids := map[string]bool{}
		if s.old >= 0 {
			c.Old, c.Under, c.What = x[s.old].text, x[s.old].under, Removed
			for _, id := range x[s.old].facts() {
				ids[id] = true
			}
		}
		if s.new >= 0 {
			c.New, c.Under, c.What = y[s.new].text, y[s.new].under, New
			for _, id := range y[s.new].facts() {
				ids[id] = true
			}
		}
		if s.old >= 0 && s.new >= 0 {
			if c.What = Reworded; c.Old == c.New {
				c.What = ""
			}
		}
		for _, id := range slices.Sorted(maps.Keys(ids)) {
			f := facts[id]
			if f == nil || c.What == "" && slices.ContainsFunc(f.Fields, func(d Field) bool { return d.Name == "value" }) {
				continue // a sentence that names an earlier value
			}
			if len(f.On) == 0 || f.On[len(f.On)-1].URL != p.url {
				f.On = append(f.On, Place{URL: p.url, Title: p.title})
			}
			on := &f.On[len(f.On)-1]
			if !slices.ContainsFunc(on.Sentences, func(o Sentence) bool { return o.Old == c.Old && o.New == c.New }) {
				on.Sentences = append(on.Sentences, c)
			}
		}
	}
}

// pairPages puts the pages of two sites side by side: by address, and those that are left by their text. Pages of the new
// site come in its order, those that are gone last.
func pairPages(a, b *model) [][2]*page {
	with := map[*page]*page{} // new → old
	var gone, fresh []*page
	for _, p := range b.pages {
		if o := a.byURL[p.url]; o != nil {
			with[p] = o
		} else {
			fresh = append(fresh, p)
		}
	}
	for _, p := range a.pages {
		if b.byURL[p.url] == nil {
			gone = append(gone, p)
		}
	}
	// A page that moved keeps most of its sentences. The best pairs come first; among equals the addresses decide,
	// whichever of the two sites is the older one.
	type match struct {
		old, new *page
		score    float64
	}
	var matches []match
	for _, c := range candidates(a, gone, b, fresh) {
		if s := share(a.units(c[0]), b.units(c[1])); s >= 0.5 && c[0].kind == c[1].kind {
			matches = append(matches, match{c[0], c[1], s})
		}
	}
	slices.SortFunc(matches, func(p, q match) int {
		return cmp.Or(cmp.Compare(q.score, p.score), cmp.Compare(min(p.old.url, p.new.url), min(q.old.url, q.new.url)), cmp.Compare(max(p.old.url, p.new.url), max(q.old.url, q.new.url)))
	})
	moved := map[*page]bool{}
	for _, m := range matches {
		if with[m.new] == nil && !moved[m.old] {
			with[m.new], moved[m.old] = m.old, true
		}
	}
	var out [][2]*page
	for _, p := range b.pages {
		out = append(out, [2]*page{with[p], p})
	}
	for _, p := range gone {
		if !moved[p] {
			out = append(out, [2]*page{p, nil})
		}
	}
	return out
}

// candidates are the pairs of pages that share a sentence which few others have, so that not every page is held against
// every other.
func candidates(a *model, gone []*page, b *model, fresh []*page) [][2]*page {
	const few = 20
	type holders struct{ old, new []*page }
	said := map[string]*holders{}
	at := func(text string) *holders {
		if said[text] == nil {
			said[text] = &holders{}
		}
		return said[text]
	}
	for _, p := range gone {
		for _, u := range a.units(p) {
			if h := at(u.text); len(h.old) == 0 || h.old[len(h.old)-1] != p {
				h.old = append(h.old, p)
			}
		}
	}
	for _, p := range fresh {
		for _, u := range b.units(p) {
			if h := at(u.text); len(h.new) == 0 || h.new[len(h.new)-1] != p {
				h.new = append(h.new, p)
			}
		}
	}
	seen := map[[2]*page]bool{}
	var out [][2]*page
	for _, h := range said {
		if len(h.old) > few || len(h.new) > few {
			continue
		}
		for _, o := range h.old {
			for _, n := range h.new {
				if pair := [2]*page{o, n}; !seen[pair] {
					seen[pair] = true
					out = append(out, pair)
				}
			}
		}
	}
	return out
}

// share is how much of two texts is the same: sentences in both, by half of all. Two pages without text share nothing.
func share(x, y []unit) float64 {
	count := map[string]int{}
	for _, u := range x {
		count[u.text]++
	}
	same := 0
	for _, u := range y {
		if count[u.text] > 0 {
			count[u.text]--
			same++
		}
	}
	if same == 0 {
		return 0
	}
	return 2 * float64(same) / float64(len(x)+len(y))
}
