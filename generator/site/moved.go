package site

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// spot is a place that an address can name: a page or file by its path from the site's root, and an id on it or "".
type spot struct{ page, id string }

// String writes a spot as site.toml does.
func (a spot) String() string {
	if a.id != "" {
		return "/" + a.page + "#" + a.id
	}
	return "/" + a.page
}

// spotOf reads an address of site.toml or front matter; base is the page from whose folder one without / counts (T-71).
func spotOf(raw, base string) spot {
	at, id, _ := strings.Cut(raw, "#")
	at, id = unescape(at), unescape(id)
	if !strings.HasPrefix(at, "/") {
		at = path.Join("/", base, at)
	}
	folder := strings.HasSuffix(at, "/")
	at = strings.TrimPrefix(path.Clean("/"+at), "/")
	if path.Base(at) == "index.html" {
		at = strings.TrimPrefix(path.Dir("/"+at), "/")
	}
	if at != "" && (folder || path.Ext(at) == "") {
		at += "/"
	}
	return spot{at, id}
}

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

// redirect is one that the writer wrote down.
type redirect struct {
	from, to     spot
	span, toSpan diag.Span
}

// redirects lists those of redirect_from and [redirects].
func (s *Site) redirects() []redirect {
	var out []redirect
	for _, p := range s.Pages {
		for _, r := range p.Meta.Redirects {
			out = append(out, redirect{spotOf(r.Text, p.URL), spot{page: p.URL}, r.Span, r.Span})
		}
	}
	for _, r := range s.Config.Redirects {
		out = append(out, redirect{spotOf(r.From, ""), spotOf(r.To, ""), r.Span, r.ToSpan})
	}
	return out
}

// moves are the redirects that hold: from an old place to the next, which may be an old one, too.
type moves struct {
	pages map[string]spot            // old page → next
	ids   map[string]map[string]spot // page, old or not → old id on it → next
}

func (m *moves) add(from, to spot) {
	if from.id == "" {
		m.pages[from.page] = to
		return
	}
	if m.ids[from.page] == nil {
		m.ids[from.page] = map[string]spot{}
	}
	m.ids[from.page][from.id] = to
}

// next is where one step leads; ok is false at the end.
func (m *moves) next(at spot) (to spot, ok bool) {
	if to, ok = m.ids[at.page][at.id]; ok && at.id != "" {
		return to, true
	}
	if to, ok = m.pages[at.page]; ok && to.id == "" {
		to.id = at.id // a browser takes the fragment along
	}
	return to, ok
}

// own is where the redirects lead in the end from a place that has one of its own.
func (m *moves) own(at spot) (end spot, ok bool) {
	_, id := m.ids[at.page][at.id]
	_, page := m.pages[at.page]
	if at.id != "" && !id || at.id == "" && !page {
		return at, false
	}
	end, circle := m.end(at)
	return end, !circle
}

// end follows redirects to where nothing leads on. circle says that they never get there.
func (m *moves) end(at spot) (end spot, circle bool) {
	for seen := map[spot]bool{}; !seen[at]; {
		seen[at] = true
		to, ok := m.next(at)
		if !ok {
			return at, false
		}
		at = to
	}
	return at, true
}

// idsOf are the old ids under which something can be asked for at a page: its own, and those of the pages to which it
// leads on.
func (m *moves) idsOf(page string) []string {
	if len(m.ids) == 0 {
		return nil
	}
	ids := map[string]bool{}
	for seen := map[string]bool{}; !seen[page]; {
		seen[page] = true
		for id := range m.ids[page] {
			ids[id] = true
		}
		if to, ok := m.pages[page]; ok && to.id == "" {
			page = to.page
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

// holds are the places that the site itself has: for each page or file the ids on it that are kept, those of headings,
// ^names and records. The ids that the generator makes of a text change with it and are not among them.
type holds map[string]map[string]bool

func (h holds) has(at spot) bool {
	ids, ok := h[at.page]
	return ok && (at.id == "" || at.id == "top" || ids[at.id])
}

func (s *Site) holds() holds {
	h := holds{}
	put := func(page string, id string) {
		if h[page] == nil {
			h[page] = map[string]bool{}
		}
		if id != "" {
			h[page][id] = true
		}
	}
	for _, m := range s.Made {
		put(m.URL, "")
	}
	for _, p := range s.Pages {
		put(p.URL, "")
		for _, id := range p.ids() {
			put(p.URL, id.id)
		}
	}
	for _, r := range s.listed() {
		if h[r.page] != nil {
			put(r.page, r.id)
		}
	}
	for _, a := range s.assets {
		put(a.Path, "")
	}
	return h
}

// kept is an id that stays while its text changes, and the sketch of what it names.
type kept struct{ id, sketch string }

// ids are those of a page's headings and named blocks.
func (p *Page) ids() []kept {
	out := make([]kept, 0, len(p.Heads))
	for _, h := range p.Heads {
		out = append(out, kept{h.ID, h.Sketch})
	}
	for _, b := range p.Blocks {
		if b.Named && b.Kind != "note" {
			out = append(out, kept{b.ID, b.Sketch})
		}
	}
	return out
}

// listing is a record or page that one of the made pages lists under an id.
type listing struct {
	spot
	thing *Thing
}

// sketch is that of the page, or else of what the record is called: its value changes, and is not what it is known by.
func (l listing) sketch() string {
	if p := l.thing.Page; p != nil {
		return p.Sketch
	}
	return content.Sketch(l.thing.Title)
}

// listed are all of them: records, events with a page of their own too, and the terms of the glossary.
func (s *Site) listed() []listing {
	var out []listing
	for _, t := range slices.Concat(s.Facts, s.Claims, s.Sources) {
		page, id, _ := strings.Cut(t.URL, "#")
		out = append(out, listing{spot{page, id}, t})
	}
	for _, e := range s.Events {
		out = append(out, listing{spot{"timeline/", e.Thing.ID}, e.Thing})
	}
	for _, p := range s.Of(content.Term) {
		out = append(out, listing{spot{"terms/", p.Thing.ID}, p.Thing})
	}
	return out
}

// follow sorts the redirects and withdrawals into those that hold, and reports the others (T-72): what hides a page or a
// place on one, leads nowhere, or in a circle.
func (s *Site) follow() {
	s.moves = moves{map[string]spot{}, map[string]map[string]spot{}}
	all := s.redirects()
	if len(all) == 0 && len(s.Config.Withdrawn) == 0 {
		return
	}
	held := s.holds()
	first := map[spot]redirect{}
	for _, r := range all {
		switch other, twice := first[r.from]; {
		case held.has(r.from) && r.from.id == "":
			s.add("duplicate-address", r.span, "remove the redirect, or move the page", "a page stands at %s, so nothing can be redirected from there", r.from)
		case held.has(r.from):
			s.add("duplicate-address", r.span, "remove the redirect, or rename what stands there", "%s is a place on that page, so nothing can be redirected from there", r.from)
		case twice && other.to != r.to:
			f := s.add("duplicate-address", r.span, "keep one of the two", "%s is redirected to two places", r.from)
			f.Related = []diag.Related{{Span: other.span, Message: "the other one"}}
		default:
			first[r.from] = r
			s.moves.add(r.from, r.to)
		}
	}
	s.tombs = map[string][]*content.Withdrawal{}
	for i := range s.Config.Withdrawn {
		w := &s.Config.Withdrawn[i]
		at := spotOf(w.Address, "")
		switch {
		case at.id == "": // a page of its own, see addresses
		case held[at.page] == nil:
			s.add("broken-link", w.Span, "withdraw the page as a whole", "no page stands at /%s, so nothing on it can be withdrawn", at.page)
		case held.has(at):
			s.add("duplicate-address", w.Span, "remove the line, or what stands there", "%s is not withdrawn: it stands on that page", at)
		case s.moves.ids[at.page][at.id] != spot{}:
			s.add("duplicate-address", w.Span, "keep one of the two", "%s is withdrawn and redirected", at)
		default:
			s.tombs[at.page] = append(s.tombs[at.page], w)
			held[at.page][at.id] = true
		}
	}
	for _, r := range first {
		if _, led := s.moves.pages[r.from.page]; r.from.id != "" && held[r.from.page] == nil && !led {
			s.add("broken-link", r.span, fmt.Sprintf(`say where the page itself leads: "/%s" = "/…/"`, r.from.page), "no page stands at /%s, and it is not redirected", r.from.page)
		}
		end, circle := s.moves.end(r.to)
		switch {
		case circle:
			s.add("broken-link", r.toSpan, "let one of them lead to a page that there is", "this redirect leads in a circle: %s comes back to where it started", r.from)
		case held[end.page] == nil:
			s.add("broken-link", r.toSpan, "redirect to a page that there is", "this redirect leads to %s, where there is nothing", end)
		case !held.has(end) && strings.HasPrefix(end.id, "b-"):
			s.add("broken-anchor", r.toSpan, "put a ^name at the end of that paragraph, and lead there", "the id %q is made of the words of its paragraph and changes with them", end.id)
		case !held.has(end):
			s.add("broken-anchor", r.toSpan, "name a heading, a ^name or a record of that page", "this redirect leads to %s, and that page has no %q", end, end.id)
		}
	}
}

// Redirect is a page that only leads on.
type Redirect struct {
	File    string // in the output
	To      string // relative to that file
	Title   string // of the page that it leads to
	Address string // absolute when there is a base URL, else as To
	Moved   []MovedView
}

// Redirects are the pages that only lead on.
func (s *Site) Redirects() []Redirect {
	var out []Redirect
	for _, old := range slices.Sorted(maps.Keys(s.moves.pages)) {
		if old == "" {
			continue
		}
		end, _ := s.moves.end(spot{page: old})
		file := OutputPath(old)
		r := Redirect{File: file, To: relative(file, EscapePath(end.page)+hash(end.id)), Title: s.titleAt(end.page), Moved: s.movedAt(old, file)}
		r.Address = r.To
		if s.Base != "" {
			r.Address = s.Base + EscapePath(end.page)
		}
		out = append(out, r)
	}
	return out
}

func hash(id string) string {
	if id == "" {
		return ""
	}
	return "#" + id
}

// movedAt are the old ids of a page, and where they lead as seen from an address.
func (s *Site) movedAt(page, from string) []MovedView {
	var out []MovedView
	for _, id := range s.moves.idsOf(page) {
		if end, circle := s.moves.end(spot{page, id}); !circle {
			out = append(out, MovedView{ID: id, URL: relative(from, EscapePath(end.page)+hash(end.id))})
		}
	}
	return out
}

// goneAt are the places of a page that were withdrawn.
func (s *Site) goneAt(page string) []GoneView {
	var out []GoneView
	for _, w := range s.tombs[page] {
		out = append(out, s.gone(w))
	}
	return out
}

func (s *Site) gone(w *content.Withdrawal) GoneView {
	return GoneView{ID: spotOf(w.Address, "").id, Title: w.Title, Date: s.date(w.Date), Reason: w.Reason}
}

// titleAt is the title of the page at an address, or its path when it is a file.
func (s *Site) titleAt(u string) string {
	if p := s.byURL[u]; p != nil {
		return cmp.Or(p.Meta.Title, p.Thing.Title, s.Config.Title)
	}
	for _, m := range s.Made {
		if m.URL == u {
			return m.Title
		}
	}
	return u
}

// withdraw gives every withdrawn page the address that it had.
func (s *Site) withdraw(byURL map[string]*Page) {
	for i := range s.Config.Withdrawn {
		w := &s.Config.Withdrawn[i]
		at := spotOf(w.Address, "")
		made := slices.ContainsFunc(s.Made, func(m *Made) bool { return m.URL == at.page })
		first, _, _ := strings.Cut(at.page, "/")
		switch {
		case at.id != "":
		case made || byURL[strings.ToLower(at.page)] != nil:
			s.add("duplicate-address", w.Span, "remove the line, or the page", "a page stands at %s, so it is not withdrawn", at)
		case !strings.HasSuffix(at.page, "/") || slices.Contains(reserved, first):
			s.add("bad-config", w.Span, `name a page, such as "/old-page/"`, "%s is not the address of a page", at)
		default:
			s.Made = append(s.Made, &Made{Kind: "withdrawn", URL: at.page, Title: cmp.Or(w.Title, s.Lang.UI.Withdrawn), Gone: w})
		}
	}
}
