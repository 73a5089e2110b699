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

// phrases are the names of terms, people, organisations and events, by their first word in lower case.
type phrases struct {
	groups map[string]*phraseGroup
	// For each first byte the lengths of such words, as bits; for words that are not ASCII only the groups tell. Every
	// word of the site is asked for, and hardly one begins a name.
	lengths [utf8.RuneSelf]uint64
}

// phraseGroup are the phrases with one first word. A site may have thousands of them ("Note 1", "Note 2" …), so they are
// found by their folded words and not tried one after another.
type phraseGroup struct {
	lengths []int // in bytes, longest first
	byWords map[string][]phrase
}

func (s *Site) indexPhrases() phrases {
	out := phrases{groups: map[string]*phraseGroup{}}
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
			key := strings.ToLower(firstWord(w))
			g := out.groups[key]
			if g == nil {
				g = &phraseGroup{byWords: map[string][]phrase{}}
				out.groups[key] = g
				if key != "" && key[0] < utf8.RuneSelf {
					out.lengths[key[0]] |= 1 << min(len(key), 63)
				}
			}
			folded := foldCase(w)
			g.byWords[folded] = append(g.byWords[folded], phrase{words: w, fold: p.Type == content.Term && strings.ToUpper(w) != w, thing: p.Thing})
			if !slices.Contains(g.lengths, len(w)) {
				g.lengths = append(g.lengths, len(w))
			}
		}
	}
	for _, g := range out.groups {
		slices.SortFunc(g.lengths, func(a, b int) int { return b - a })
	}
	return out
}

// foldCase writes a text so that two are equal when strings.EqualFold says so: each letter by the first of those that
// differ from it in case alone.
func foldCase(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return r - ('a' - 'A')
		case r < utf8.RuneSelf:
			return r
		}
		first := r
		for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
			first = min(first, o)
		}
		return first
	}, s)
}

// firstWord is the first run of letters and digits.
func firstWord(s string) string { return s[:wordEnd(s)] }

// wordByte are the letters and digits of ASCII.
var wordByte = func() (is [256]bool) {
	for c := range utf8.RuneSelf {
		is[c] = unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c))
	}
	return is
}()

// wordEnd is where the run of letters and digits ends that s starts with.
func wordEnd(s string) int {
	for i := 0; i < len(s); {
		if c := s[i]; wordByte[c] {
			i++
			continue
		} else if c < utf8.RuneSelf {
			return i
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return i
		}
		i += size
	}
	return len(s)
}

// autolink makes the first mention of a name in each h2 section a link (reader.md 1.3). A link by hand wins, wherever
// in the section it stands.
func (s *Site) autolink(p *Page) {
	p.Autos = nil
	if !s.Config.Autolink || len(s.phrases.groups) == 0 {
		return
	}
	done := map[sectionThing]bool{}
	for i, r := range p.Refs {
		if t := p.Targets[i].Thing; t != nil && r.Block >= 0 && (r.Kind == content.RefLink || r.Kind == content.RefEvent || r.Kind == content.RefEmbed) {
			done[sectionThing{p.Blocks[r.Block].Section, t}] = true
		}
	}
	s.eachName(p, func(run content.Run, from, to int, t *Thing) {
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
func (s *Site) eachName(p *Page, f func(run content.Run, from, to int, t *Thing)) {
	for _, run := range p.Runs {
		text := p.Body[run.Piece].HTML
		for i := run.From; i < run.To; {
			word := wordEnd(text[i:run.To])
			if word == 0 {
				_, size := utf8.DecodeRuneInString(text[i:run.To])
				i += size
				continue
			}
			if hit := match(text, i, run.To, s.phrases.group(text[i:i+word]), run.From); hit.thing != nil {
				stop := i + len(hit.words)
				f(run, i, stop, hit.thing)
				i = stop
				continue
			}
			i += word
		}
	}
}

// group returns the phrases that start with a word, or nil.
func (ps *phrases) group(word string) *phraseGroup {
	if c := word[0]; c < utf8.RuneSelf {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if ps.lengths[c]&(1<<min(len(word), 63)) == 0 && isASCII(word) {
			return nil
		}
	}
	return ps.groups[strings.ToLower(word)]
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// match returns the longest phrase that stands at text[i:] as whole words.
func match(text string, i, limit int, g *phraseGroup, start int) phrase {
	if g == nil {
		return phrase{}
	}
	if i > start {
		if r, _ := utf8.DecodeLastRuneInString(text[:i]); r == '-' || r == '_' || r == '@' || r == '/' {
			return phrase{}
		}
	}
	for _, length := range g.lengths {
		stop := i + length
		if stop > limit {
			continue
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
		got := text[i:stop]
		if strings.ContainsRune(got, '\n') {
			got = strings.ReplaceAll(got, "\n", " ")
		}
		for _, c := range g.byWords[foldCase(got)] {
			if len(c.words) == length && (got == c.words || c.fold && strings.EqualFold(got, c.words)) {
				return c
			}
		}
	}
	return phrase{}
}

// use is a mention of a thing.
type use struct {
	thing *Thing
	Mention
}

// readPage finds what the prose of a page says of others: first mentions that become links, every mention, in reading
// order and once for each sentence (T-15), and the checked numbers and dates.
func (s *Site) readPage(p *Page) {
	s.autolink(p)
	p.links, p.inserts = nil, nil
	var all []use
	for i := range p.Refs {
		r, t := &p.Refs[i], p.Targets[i]
		if r.Block >= 0 && s.inserted(r, t) != "" {
			if p.inserts == nil {
				p.inserts = map[int][]int{}
			}
			p.inserts[r.Block] = append(p.inserts[r.Block], i)
		}
		if t.Thing == nil {
			continue
		}
		p.links = append(p.links, t.Thing)
		if t.Thing != p.Thing && r.Block >= 0 {
			all = append(all, use{t.Thing, Mention{In: p, Block: r.Block, From: r.From, To: r.To, Ref: i}})
		}
	}
	for _, a := range p.Autos {
		p.links = append(p.links, a.Thing)
		all = append(all, use{a.Thing, Mention{In: p, Block: a.Block, From: a.TextFrom, To: a.TextTo, Auto: true, Ref: -1}})
	}
	p.links = distinct(p.links)
	slices.SortStableFunc(all, func(a, b use) int { return cmp.Or(cmp.Compare(a.Block, b.Block), cmp.Compare(a.From, b.From)) })
	p.uses = nil
	for _, u := range all {
		if !p.said(u) {
			p.uses = append(p.uses, u)
		}
	}
	s.checkProse(p)
}

// said says whether the last mention of the same thing stands in the same sentence.
func (p *Page) said(u use) bool {
	for i := len(p.uses) - 1; i >= 0 && p.uses[i].Block == u.Block; i-- {
		if last := p.uses[i]; last.thing == u.thing {
			text := p.Blocks[u.Block].Text
			a, b := content.Sentence(text, u.From, u.To)
			c, d := content.Sentence(text, last.From, last.To)
			return a == c && b == d
		}
	}
	return false
}

// distinct returns each thing once, in the order of the first.
func distinct(list []*Thing) []*Thing {
	if len(list) < 16 {
		var out []*Thing
		for _, t := range list {
			if !contains(out, t) {
				out = append(out, t)
			}
		}
		return out
	}
	seen := make(map[*Thing]bool, len(list))
	return slices.DeleteFunc(list, func(t *Thing) bool {
		old := seen[t]
		seen[t] = true
		return old
	})
}

// count enters what a page links to into the counts of linkers, or with -1 takes it out.
func (p *Page) count(n int) {
	for _, t := range p.links {
		if t != p.Thing {
			t.linkers += n
		}
	}
}

// mentionRunes is how much of a sentence a mention shows at most.
const mentionRunes = 160

// sentenceOf returns the sentence of a mention as three parts: before, the words that mention, after; at most most
// runes in all.
func (s *Site) sentenceOf(m Mention, most int) (before, words, after string) {
	text, from, to := s.shown(m)
	a, b := content.Sentence(text, from, to)
	a, b = min(a, from), max(b, to)
	before, words, after = text[a:from], text[from:to], text[to:b]
	if utf8.RuneCountInString(before)+utf8.RuneCountInString(words)+utf8.RuneCountInString(after) > most {
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
	case t.Thing == nil || r.Hidden || r.Struck || r.Label != "":
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

// relate finds for each section up to four others that share what few others use, with the reason (reader.md 1.3).
func (s *Site) relate() {
	users := map[*Thing][]*Page{}
	for _, p := range s.Path {
		for _, t := range p.links {
			if t.Kind != "section" && t.Kind != "overview" && t.Kind != "plain" {
				users[t] = append(users[t], p)
			}
		}
	}
	for _, p := range s.Path {
		p.related = nil
	}
	with := map[*Page]*Related{}
	for _, p := range s.Path {
		clear(with)
		for _, t := range slices.SortedFunc(slices.Values(p.links), func(a, b *Thing) int { return cmp.Compare(a.Key(), b.Key()) }) {
			// What more than half the pages use says nothing; with two or three sections that would be everything.
			n := len(users[t])
			if len(s.Path) > 3 && n*2 > len(s.Path) {
				continue
			}
			for _, q := range users[t] {
				if q == p {
					continue
				}
				r := with[q]
				if r == nil {
					r = &Related{Page: q}
					with[q] = r
				}
				r.Score += 1 / math.Log(1+float64(max(2, n)))
				r.Shared = append(r.Shared, t)
			}
		}
		out := slices.Collect(maps.Values(with))
		slices.SortFunc(out, func(a, b *Related) int {
			return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Page.Order, b.Page.Order))
		})
		p.related = slices.Clone(out[:min(4, len(out))])
		for _, r := range p.related {
			sort.SliceStable(r.Shared, func(i, j int) bool { return r.Shared[i].Title < r.Shared[j].Title })
		}
	}
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
	return fmt.Sprintf("%s %d %s: %s%s", w.Shares, n, strings.ToLower(label), strings.Join(names, w.Comma+" "), more)
}
