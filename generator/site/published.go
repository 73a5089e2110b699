package site

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// AddressFile is the file of the output that lists every address which the site promises to keep.
const AddressFile = "addresses.json"

// Manifest is what that file says (docs/content/machine.md): the addresses that were published, and enough of what
// stood there to know it again. Addresses are relative to the site's root.
type Manifest struct {
	Version   int                `json:"version"`
	Pages     map[string]Promise `json:"pages"`
	Moved     map[string]string  `json:"moved,omitempty"`     // old address, with its fragment if it has one → where it leads
	Withdrawn []string           `json:"withdrawn,omitempty"` // what was given up on purpose, and says so
}

// Promise is one page: its title, the sketch of its text, and of what each id on it names.
type Promise struct {
	Title  string            `json:"title"`
	Sketch string            `json:"sketch,omitempty"`
	IDs    map[string]string `json:"ids,omitempty"`
}

// manifestVersion is that of the files which this program writes, and the newest that it reads.
const manifestVersion = 1

// ReadManifest reads a file of addresses that was published.
func ReadManifest(text []byte) (*Manifest, error) {
	m := &Manifest{}
	if err := json.Unmarshal(text, m); err != nil || m.Version == 0 {
		return nil, fmt.Errorf("this is no list of addresses as gloss writes it")
	}
	if m.Version > manifestVersion {
		return nil, fmt.Errorf("a newer gloss wrote this list of addresses: its version is %d, and this gloss knows %d", m.Version, manifestVersion)
	}
	return m, nil
}

// AddressList writes the file. Each page has a line, so that what differs between two of them can be read; the line of a
// page is kept until the page changes.
func (s *Site) AddressList() []byte {
	lists := map[string]map[string]string{}
	for _, l := range s.listed() {
		if lists[l.page] == nil {
			lists[l.page] = map[string]string{}
		}
		lists[l.page][l.id] = l.sketch()
	}
	var made []promiseAt
	for _, m := range s.Made {
		if !m.promised() {
			continue
		}
		if p := (Promise{Title: m.Title, IDs: lists[m.URL]}); m.Page != nil {
			made = append(made, promiseAt{m.URL, promiseLine(m.URL, m.Page.promises(p.IDs))})
		} else {
			made = append(made, promiseAt{m.URL, promiseLine(m.URL, p)})
		}
	}
	slices.SortFunc(made, func(a, b promiseAt) int { return cmp.Compare(a.url, b.url) })
	if s.promising == nil { // which stays while the pages do
		s.promising = slices.DeleteFunc(slices.Clone(s.Pages), func(p *Page) bool { return p.Meta.Draft || p.Made != nil })
		slices.SortFunc(s.promising, func(a, b *Page) int { return cmp.Compare(a.URL, b.URL) })
	}
	size := 1000
	for _, p := range s.promising {
		if p.promise == nil {
			p.promise = promiseLine(p.URL, p.promises(nil))
		}
		size += len(p.promise) + 2
	}
	for _, m := range made {
		size += len(m.line) + 2
	}
	var b bytes.Buffer
	b.Grow(size)
	fmt.Fprintf(&b, "{\n\"version\": %d,\n\"pages\": {", manifestVersion)
	end := "\n"
	line := func(text []byte) {
		b.WriteString(end)
		b.Write(text)
		end = ",\n"
	}
	for _, p := range s.promising {
		for ; len(made) > 0 && made[0].url < p.URL; made = made[1:] {
			line(made[0].line)
		}
		line(p.promise)
	}
	for _, m := range made {
		line(m.line)
	}
	b.WriteString("\n}")
	if moved := s.promisedMoves(); len(moved) > 0 {
		b.WriteString(",\n\"moved\": ")
		b.Write(bytes.TrimSpace(jsonFile(moved)))
	}
	if gone := s.promisedGone(); len(gone) > 0 {
		b.WriteString(",\n\"withdrawn\": ")
		b.Write(bytes.TrimSpace(jsonFile(gone)))
	}
	b.WriteString("\n}\n")
	return b.Bytes()
}

// AddressListAgain is AddressList after a Relink: the list of before, in which the lines of the edited pages are new.
func (s *Site) AddressListAgain(list []byte, edited []*Page) []byte {
	for _, p := range edited {
		if p.Meta.Draft {
			continue
		}
		start := slices.Concat([]byte("\n"), data(p.URL), []byte(": "))
		from := bytes.Index(list, start) + 1
		to := from + bytes.IndexByte(list[from:], '\n')
		if p.Made != nil || p.Type == content.Term || p.Type == content.Event || from == 0 || to < from {
			return s.AddressList() // as its text is sketched in the line of a list, too
		}
		if list[to-1] == ',' {
			to--
		}
		p.promise = promiseLine(p.URL, p.promises(nil))
		list = slices.Concat(list[:from], p.promise, list[to:])
	}
	return list
}

// promiseAt is the line of a made page.
type promiseAt struct {
	url  string
	line []byte
}

// promised says whether the address of a made page is one to keep: all that stand in the sitemap.
func (m *Made) promised() bool {
	return m.Kind != "notfound" && m.Kind != "all" && m.Kind != "card" && m.Kind != "withdrawn"
}

// promises are those of a page, with what else is listed on it.
func (p *Page) promises(listed map[string]string) Promise {
	out := Promise{Title: p.Thing.Title, Sketch: p.Sketch, IDs: listed}
	for _, k := range p.ids() {
		if strings.HasPrefix(k.id, "_") {
			continue
		}
		if out.IDs == nil {
			out.IDs = map[string]string{}
		}
		out.IDs[k.id] = k.sketch
	}
	return out
}

func promiseLine(u string, p Promise) []byte {
	return slices.Concat(data(u), []byte(": "), data(p))
}

// data is a value as JSON on one line; the shapes of this file can always be written.
func data(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return bytes.TrimSpace(b.Bytes())
}

func (s *Site) promisedMoves() map[string]string {
	out := map[string]string{}
	put := func(from spot) {
		if end, circle := s.moves.end(from); !circle {
			out[strings.TrimPrefix(from.String(), "/")] = strings.TrimPrefix(end.String(), "/")
		}
	}
	for page := range s.moves.pages {
		put(spot{page: page})
	}
	for page, ids := range s.moves.ids {
		for id := range ids {
			put(spot{page, id})
		}
	}
	return out
}

func (s *Site) promisedGone() []string {
	var out []string
	for _, w := range s.Config.Withdrawn {
		out = append(out, strings.TrimPrefix(spotOf(w.Address, "").String(), "/"))
	}
	slices.Sort(out)
	return out
}

// checkPublished holds the addresses that were published against those that there are (T-73). What was there and is gone
// is an error, until a redirect or a withdrawal accounts for it. Its likely new place is found by what stood there.
func (s *Site) checkPublished() {
	if s.Env.Published == nil {
		return
	}
	k := keeper{Site: s, was: s.Env.Published, held: s.holds(), now: s.promisesNow(), moves: s.moves.clone(), lost: map[string]bool{}}
	for _, u := range slices.Sorted(maps.Keys(k.now)) {
		for _, id := range slices.Sorted(maps.Keys(k.now[u].IDs)) {
			k.ids = append(k.ids, spot{u, id})
		}
	}
	for page, tombs := range s.tombs {
		for _, w := range tombs {
			k.held[page][spotOf(w.Address, "").id] = true
		}
	}
	// Pages first: what moves with its page needs no word of its own.
	for _, u := range slices.Sorted(maps.Keys(k.was.Pages)) {
		k.page(u)
	}
	for _, u := range slices.Sorted(maps.Keys(k.was.Pages)) {
		if k.lost[u] {
			continue
		}
		for _, id := range slices.Sorted(maps.Keys(k.was.Pages[u].IDs)) {
			k.id(spot{u, id})
		}
	}
	// Then what led to one of these.
	for _, from := range slices.Sorted(maps.Keys(k.was.Moved)) {
		k.again(spotOf("/"+from, ""), spotOf("/"+k.was.Moved[from], ""))
	}
	for _, at := range k.was.Withdrawn {
		if at := spotOf("/"+at, ""); !k.kept(at) {
			k.propose(proposal{from: at}, "")
		}
	}
	k.fix()
}

// keeper is one checkPublished at work.
type keeper struct {
	*Site
	was   *Manifest
	held  holds
	now   map[string]Promise
	moves moves           // with those that are proposed
	lost  map[string]bool // pages without a new place
	ids   []spot          // every id that there is now
	found []proposal
}

// proposal is an address that is lost and, if known, where it leads now.
type proposal struct {
	from, to spot
	known    bool
	finding  diag.Finding
}

func (m moves) clone() moves {
	out := moves{maps.Clone(m.pages), map[string]map[string]spot{}}
	for page, ids := range m.ids {
		out.ids[page] = maps.Clone(ids)
	}
	return out
}

// promisesNow are the promises that the site would make today.
func (s *Site) promisesNow() map[string]Promise {
	m, err := ReadManifest(s.AddressList())
	if err != nil {
		return nil // it was just written
	}
	return m.Pages
}

// kept says whether a place is held, or leads to one that is. A page that was withdrawn accounts for all that was on it.
func (k *keeper) kept(at spot) bool {
	end, circle := k.moves.end(at)
	if circle {
		return true // which is reported where it is written
	}
	if to, own := k.Site.moves.own(at); own && !k.held.has(to) {
		return true // and so is one that the writer lets lead to nothing
	}
	return k.held.has(end) || end.id != "" && k.isGone(end.page)
}

func (k *keeper) isGone(page string) bool {
	return slices.ContainsFunc(k.Made, func(m *Made) bool { return m.URL == page && m.Kind == "withdrawn" })
}

// page looks at one that was published.
func (k *keeper) page(u string) {
	at := spot{page: u}
	if k.kept(at) {
		return
	}
	was := k.was.Pages[u]
	pages := slices.Sorted(maps.Keys(k.now))
	best := pick(len(pages), func(i int) float64 {
		v, now := pages[i], k.now[pages[i]]
		alike := content.Alike(was.Sketch, now.Sketch)
		_, old := k.was.Pages[v]
		switch {
		case old && alike < 0.8: // two pages may be one now, but then they were alike
			return 0
		case !old && content.Fold(was.Title) == content.Fold(now.Title):
			return 1 + alike
		case alike < 0.5:
			return 0
		}
		return alike
	})
	p := proposal{from: at, known: best >= 0}
	if p.known {
		p.to.page = pages[best]
		k.moves.add(at, p.to)
	}
	k.lost[u] = !p.known
	k.propose(p, fmt.Sprintf("the page %q", was.Title))
}

// again looks at an address that led on when it was published.
func (k *keeper) again(at, to spot) {
	if k.kept(at) || k.lost[at.page] {
		return
	}
	p := proposal{from: at, known: k.kept(to)}
	if p.known {
		p.to, _ = k.moves.end(to)
		k.moves.add(at, p.to)
	}
	k.propose(p, "")
}

// id looks at a place on a page that is there, or leads on.
func (k *keeper) id(at spot) {
	if k.kept(at) {
		return
	}
	was := k.was.Pages[at.page].IDs[at.id]
	end, _ := k.moves.end(spot{page: at.page}) // where it is asked for now
	best := pick(len(k.ids), func(i int) float64 {
		to := k.ids[i]
		alike := content.Alike(was, k.now[to.page].IDs[to.id])
		_, old := k.was.Pages[to.page].IDs[to.id]
		words := content.AlikeWords(at.id, to.id)
		near := 0.0
		if to.page == end.page {
			near = 0.25
		}
		switch {
		case old && alike < 0.8:
			return 0
		case !old && at.id == to.id: // moved to another page
			return 2 + alike + near
		case alike >= 0.5:
			return alike + words/8 + near
		case !old && near > 0 && words >= 0.5 && (alike >= 0.25 || was == ""):
			return (alike + words) / 4
		}
		return 0
	})
	p := proposal{from: at, known: best >= 0}
	if p.known {
		p.to = k.ids[best]
		k.moves.add(at, p.to)
	}
	k.propose(p, "")
}

// pick returns which of n has the most points, or -1 when none has any or two have the same: then somebody must choose.
func pick(n int, points func(int) float64) int {
	best, most := -1, 0.0
	for i := range n {
		switch p := points(i); {
		case p > most:
			best, most = i, p
		case p == most:
			best = -1
		}
	}
	return best
}

// propose makes the finding of a lost address, at the place that most likely holds it now.
func (k *keeper) propose(p proposal, what string) {
	f := diag.Finding{Code: "lost-address", Span: diag.Span{File: "site.toml"}, Message: fmt.Sprintf("%s was published and leads nowhere now", p.from)}
	if what != "" {
		f.Message = fmt.Sprintf("%s was published at %s, which leads nowhere now", what, p.from)
	}
	if p.known {
		name := p.to.String()
		if q := k.byURL[p.to.page]; q != nil {
			f.Span = q.Thing.Span
			if i := slices.IndexFunc(q.Heads, func(h content.Heading) bool { return h.ID == p.to.id }); i >= 0 {
				f.Span, name = q.Heads[i].Span, fmt.Sprintf("%q at %s", q.Heads[i].Text, p.to)
			} else if i := slices.IndexFunc(q.Blocks, func(b content.Block) bool { return b.Named && b.ID == p.to.id }); i >= 0 {
				f.Span = q.Blocks[i].Span
			} else if p.to.id == "" {
				name = fmt.Sprintf("%q at %s", cmp.Or(q.Meta.Title, q.Thing.Title), p.to)
			}
		} else if t := k.listedAt(p.to); t != nil {
			f.Span, name = t.Span, fmt.Sprintf("the %s %q at %s", t.Kind, t.ID, p.to)
		}
		f.Hint = fmt.Sprintf("it seems to be %s now; check --fix adds %q = %q to [redirects] in site.toml", name, p.from, p.to)
	} else {
		f.Hint = fmt.Sprintf(`say in site.toml where it leads now, under [redirects]: %q = "/…/"; or that it is gone, under [withdrawn]: %q = { date = "…", reason = "…" }`, p.from, p.from)
		if kind := lists[strings.TrimSuffix(p.from.page, "/")]; p.from.id != "" && (kind == "fact" || kind == "claim") {
			f.Hint = fmt.Sprintf(`put the %s back with status = "withdrawn", or `, kind) + f.Hint
		}
	}
	p.finding = f
	k.found = append(k.found, p)
}

func (k *keeper) listedAt(at spot) *Thing {
	for _, l := range k.listed() {
		if l.spot == at {
			return l.thing
		}
	}
	return nil
}

// fix gives the proposals their lines in site.toml, and reports them.
func (k *keeper) fix() {
	// The first line brings the head of the table along, so the lines must come in the order in which fixes are made.
	slices.SortStableFunc(k.found, func(a, b proposal) int { return diag.Compare(a.finding, b.finding) })
	var add []content.Redirect
	var remove []string
	for _, p := range k.found {
		if p.known {
			add = append(add, content.Redirect{From: p.from.String(), To: p.to.String()})
		}
	}
	for _, r := range k.Config.Redirects {
		if at := spotOf(r.From, ""); at.id == "" && k.held[at.page] != nil {
			remove = append(remove, r.From)
		}
	}
	if len(add) == 0 {
		remove = nil
	}
	fixes, ok := k.Config.Redirecting.Fixes(add, remove)
	lines := fixes[max(0, len(fixes)-len(add)):]
	n := 0
	for _, p := range k.found {
		if n < len(add) && add[n].From == p.from.String() {
			if ok {
				p.finding.Fixes = lines[n : n+1]
				if n == 0 { // those that take out what is in the way come with the first
					p.finding.Fixes = fixes[:len(fixes)-len(add)+1]
				}
			}
			n++
		}
		*k.into = append(*k.into, p.finding)
	}
}
