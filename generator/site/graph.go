package site

import (
	"cmp"
	"fmt"
	"html"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"gloss/generator/content"
)

// phrase is one name that a first mention may use.
type phrase struct {
	words string // escaped as the body holds it
	fold  bool   // case does not matter: the names of terms
	thing *Thing
}

// phrases indexes the names of terms, people, organisations and events by their first word, longest first.
func (s *Site) phrases() map[string][]phrase {
	out := map[string][]phrase{}
	for _, p := range s.Pages {
		if p.Type != content.Term && p.Type != content.Who && p.Type != content.Event {
			continue
		}
		names := []string{p.Meta.Title}
		for _, a := range p.Meta.Aliases {
			names = append(names, a.Text)
		}
		for _, n := range names {
			w := content.Escape(strings.TrimSpace(n))
			if utf8.RuneCountInString(w) < 2 {
				continue
			}
			ph := phrase{words: w, fold: p.Type == content.Term && strings.ToUpper(w) != w, thing: p.Thing}
			key := firstWord(w)
			out[key] = append(out[key], ph)
		}
	}
	for _, l := range out {
		slices.SortStableFunc(l, func(a, b phrase) int { return cmp.Compare(len(b.words), len(a.words)) })
	}
	return out
}

// firstWord is the first run of letters and digits, lower-cased.
func firstWord(s string) string {
	end := len(s)
	for i, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			end = i
			break
		}
	}
	return strings.ToLower(s[:end])
}

// autolink makes the first mention of a name in each h2 section a link (reader.md 1.3). A link by hand wins, wherever
// in the section it stands.
func (s *Site) autolink() {
	if !s.Config.Autolink {
		return
	}
	names := s.phrases()
	for _, p := range s.Pages {
		done := map[sectionThing]bool{}
		for i, r := range p.Refs {
			if t := p.Targets[i].Thing; t != nil && r.Block >= 0 && (r.Kind == content.RefLink || r.Kind == content.RefEvent || r.Kind == content.RefEmbed) {
				done[sectionThing{p.Blocks[r.Block].Section, t}] = true
			}
		}
		s.eachName(p, names, func(run content.Run, from, to int, t *Thing) {
			key := sectionThing{run.Section, t}
			if done[key] || t == p.Thing {
				return
			}
			done[key] = true
			piece := p.Body[run.Piece].HTML
			at := run.Offset + textLen(piece[run.From:from])
			p.Autos = append(p.Autos, Auto{Piece: run.Piece, From: from, To: to, Block: run.Block, TextFrom: at, TextTo: at + textLen(piece[from:to]), Thing: t})
		})
	}
}

type sectionThing struct {
	section int
	thing   *Thing
}

func textLen(escaped string) int {
	if strings.IndexByte(escaped, '&') < 0 {
		return len(escaped)
	}
	return len(html.UnescapeString(escaped))
}

// eachName calls f for every whole-word occurrence of a name in the prose of a page, the longest name at each place.
func (s *Site) eachName(p *Page, names map[string][]phrase, f func(run content.Run, from, to int, t *Thing)) {
	for _, run := range p.Runs {
		text := p.Body[run.Piece].HTML
		for i := run.From; i < run.To; {
			r, size := utf8.DecodeRuneInString(text[i:run.To])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				i += size
				continue
			}
			end := i
			for end < run.To {
				r, size := utf8.DecodeRuneInString(text[end:run.To])
				if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
					break
				}
				end += size
			}
			if hit := match(text, i, run.To, names[strings.ToLower(text[i:end])], run.From); hit.thing != nil {
				stop := i + len(hit.words)
				f(run, i, stop, hit.thing)
				i = stop
				continue
			}
			i = end
		}
	}
}

// match returns the longest phrase that stands at text[i:] as whole words.
func match(text string, i, limit int, candidates []phrase, start int) phrase {
	for _, c := range candidates {
		stop := i + len(c.words)
		if stop > limit {
			continue
		}
		got := text[i:stop]
		if strings.ContainsRune(got, '\n') {
			got = strings.ReplaceAll(got, "\n", " ")
		}
		if got != c.words && !(c.fold && strings.EqualFold(got, c.words)) {
			continue
		}
		if i > start {
			if r, _ := utf8.DecodeLastRuneInString(text[:i]); r == '-' || r == '_' || r == '@' || r == '/' {
				continue
			}
		}
		if stop < limit {
			r, size := utf8.DecodeRuneInString(text[stop:])
			if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' {
				continue
			}
			if next, _ := utf8.DecodeRuneInString(text[stop+size:]); r == '-' && unicode.IsLetter(next) {
				continue
			}
		}
		return c
	}
	return phrase{}
}

// mentions gathers, for every thing, the places that refer to it, in reading order and once for each sentence (T-15).
func (s *Site) mentions() {
	for _, p := range s.Pages {
		p.links, p.inserts = map[*Thing]bool{}, map[int][]int{}
		for i := range p.Refs {
			if r := &p.Refs[i]; r.Block >= 0 && s.inserted(r, p.Targets[i]) != "" {
				p.inserts[r.Block] = append(p.inserts[r.Block], i)
			}
		}
		type use struct {
			t *Thing
			m Mention
		}
		var uses []use
		for i := range p.Refs {
			r, t := &p.Refs[i], p.Targets[i].Thing
			if t == nil {
				continue
			}
			p.links[t] = true
			if t == p.Thing || r.Block < 0 {
				continue
			}
			uses = append(uses, use{t, Mention{In: p, Block: r.Block, From: r.From, To: r.To, Ref: i}})
		}
		for _, a := range p.Autos {
			p.links[a.Thing] = true
			uses = append(uses, use{a.Thing, Mention{In: p, Block: a.Block, From: a.TextFrom, To: a.TextTo, Auto: true, Ref: -1}})
		}
		slices.SortStableFunc(uses, func(a, b use) int { return cmp.Or(cmp.Compare(a.m.Block, b.m.Block), cmp.Compare(a.m.From, b.m.From)) })
		for _, u := range uses {
			if n := len(u.t.Used); n > 0 {
				if last := u.t.Used[n-1]; last.In == p && last.Block == u.m.Block {
					text := p.Blocks[u.m.Block].Text
					a, b := content.Sentence(text, u.m.From, u.m.To)
					if c, d := content.Sentence(text, last.From, last.To); a == c && b == d {
						continue
					}
				}
			}
			u.t.Used = append(u.t.Used, u.m)
		}
	}
}

// sentenceOf returns the sentence of a mention as three parts: before, the words that mention, after; at most most
// runes in all.
func (s *Site) sentenceOf(m Mention, most int) (before, words, after string) {
	text, from, to := s.shown(m)
	a, b := content.Sentence(text, from, to)
	a, b = min(a, from), max(b, to)
	before, words, after = text[a:from], text[from:to], text[to:b]
	if n := utf8.RuneCountInString(before + words + after); n > most {
		room := max(20, most-utf8.RuneCountInString(words))
		before = cutStart(before, room/2)
		after = cutEnd(after, room-utf8.RuneCountInString(before))
	}
	return strings.TrimLeft(before, " "), words, strings.TrimRight(after, " ")
}

// shown is the text of a mention's block as readers see it, with the values, dates and names that the site puts in, and
// where the mention stands in it.
func (s *Site) shown(m Mention) (text string, from, to int) {
	text = m.In.Blocks[m.Block].Text
	from, to = max(0, min(m.From, len(text))), min(max(m.From, m.To), len(text))
	if text == "" && m.Ref >= 0 { // a text that another page lends, or a tile: by its name
		t := m.In.Targets[m.Ref].Thing
		if text = m.In.Refs[m.Ref].Label; t != nil {
			text = t.Title
		}
		return text, 0, len(text)
	}
	for _, i := range slices.Backward(m.In.inserts[m.Block]) { // from the end, so that the places before stay right
		at, words := m.In.Refs[i].From, s.inserted(&m.In.Refs[i], m.In.Targets[i])
		if at > len(text) {
			continue
		}
		text = text[:at] + words + text[at:]
		switch {
		case at == from && to == from && m.Ref == i:
			to = from + len(words)
		case at < from || at == from && to > from || at == from && m.Ref != i && i < m.Ref:
			from, to = from+len(words), to+len(words)
		case at < to:
			to += len(words)
		}
	}
	return text, from, to
}

// inserted is what the site puts where a reference has no words of its own.
func (s *Site) inserted(r *content.Ref, t Target) string {
	switch {
	case t.Thing == nil || r.Hidden || r.Label != "":
	case r.Kind == content.RefFact && t.Thing.Fact != nil:
		return s.insert(t.Thing.Fact, t.Past)
	case r.Kind == content.RefEvent && t.Thing.Event != nil:
		return s.when(t.Thing.Event)
	case r.Kind == content.RefCite && r.Cite.Narrative && t.Thing.Source != nil:
		return shortName(t.Thing.Source)
	}
	return ""
}

func cutStart(s string, most int) string {
	rs := []rune(s)
	if len(rs) <= most {
		return s
	}
	rs = rs[len(rs)-most:]
	if i := slices.Index(rs, ' '); i >= 0 && i < len(rs)-1 {
		rs = rs[i+1:]
	}
	return "… " + string(rs)
}

func cutEnd(s string, most int) string {
	rs := []rune(s)
	if len(rs) <= most {
		return s
	}
	rs = rs[:max(0, most)]
	for i := len(rs) - 1; i > 0; i-- {
		if rs[i] == ' ' {
			rs = rs[:i]
			break
		}
	}
	return strings.TrimRight(string(rs), " ,;") + " …"
}

// related finds up to four pages that share what few others use, with the reason (reader.md 1.3).
func (s *Site) related(p *Page) []*Related {
	if p.Type != content.Section {
		return nil
	}
	var out []*Related
	for _, q := range s.Path {
		if q == p {
			continue
		}
		r := &Related{Page: q}
		for _, t := range slices.SortedFunc(maps.Keys(p.links), func(a, b *Thing) int { return cmp.Compare(a.Key(), b.Key()) }) {
			if t.Kind == "section" || t.Kind == "overview" || t.Kind == "plain" || !q.links[t] {
				continue
			}
			users := 0
			for _, o := range s.Path {
				if o.links[t] {
					users++
				}
			}
			// What more than half the pages use says nothing; with two or three sections that would be everything.
			if len(s.Path) > 3 && users*2 > len(s.Path) {
				continue
			}
			r.Score += 1 / math.Log(1+float64(max(2, users)))
			r.Shared = append(r.Shared, t)
		}
		if len(r.Shared) > 0 {
			sort.Slice(r.Shared, func(i, j int) bool { return r.Shared[i].Title < r.Shared[j].Title })
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b *Related) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Page.Order, b.Page.Order))
	})
	return out[:min(4, len(out))]
}

// Related is a page that shares something with another.
type Related struct {
	Page   *Page
	Score  float64
	Shared []*Thing
}

// reason says in words what is shared: "shares 3 names: A, B, C". A name is that of a person or an organisation.
func (r *Related) reason(w content.Words) string {
	kinds := []struct{ kind, one, many string }{{"who", w.Name, w.Names}, {"term", w.Term, w.Terms}, {"event", w.Event, w.Events}, {"claim", w.Claim, w.Claims}, {"fact", w.Fact, w.Facts}, {"source", w.Source, w.Sources}}
	best := kinds[0]
	var names []string
	for _, k := range kinds {
		var got []string
		for _, t := range r.Shared {
			if t.Kind == k.kind {
				got = append(got, t.Title)
			}
		}
		if len(got) > len(names) && (k.kind != "source" && k.kind != "fact" || len(names) == 0) {
			best, names = k, got
		}
	}
	n := len(names)
	label := best.one
	if n > 1 {
		label = best.many
	}
	more := ""
	if n > 3 {
		names, more = names[:3], " …"
	}
	return fmt.Sprintf("%s %d %s: %s%s", w.Shares, n, strings.ToLower(label), strings.Join(names, ", "), more)
}
