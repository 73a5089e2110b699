package build

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"gloss/generator/content"
	"gloss/generator/render"
	"gloss/generator/site"
)

// index is the search's knowledge of all prose, kept between builds: after an edit only what differs is entered again,
// and only the files that hold it are made again. What it comes to depends on the pages alone, not on the way there.
type index struct {
	docs   []*content.Doc // of the pages, in reading order
	texts  []*site.Text
	lent   []bool     // that hold words which records or other pages lend
	held   [][]uint32 // for each page its words: the number of the word shifted by 4 bits, and the weight
	ids    map[string]uint32
	words  []string          // by number
	pages  []render.Postings // by number
	groups map[string]*group // of the words that some page holds, by their first two letters
	total  int               // of the postings
	files  map[string][]byte
	level  int
	stale  map[string]bool // the groups that changed since the files were made
	texted map[int]bool    // the files of texts that changed
}

// group are words with the same first two letters.
type group struct {
	first  string // the letters
	words  map[uint32]bool
	common map[string]bool // those that too many pages hold
}

// Above these numbers of postings the words are put into a file for each first letter, or each two.
const (
	oneLetter  = 8_000
	twoLetters = 200_000
)

// fewPages is up to how many pages every word is worth an entry; above, those on more than half of them are not.
const fewPages = 100

// update brings the index to the pages of a site. Only what is not the same page as before is read.
func (x *index) update(s *site.Site, workers int) {
	if len(x.docs) != len(s.Pages) {
		*x = index{docs: make([]*content.Doc, len(s.Pages)), texts: make([]*site.Text, len(s.Pages)), lent: make([]bool, len(s.Pages)), held: make([][]uint32, len(s.Pages)),
			ids: map[string]uint32{}, groups: map[string]*group{}, files: map[string][]byte{}, level: -1}
	}
	var pages []*site.Page
	for i, p := range s.Pages {
		if x.docs[i] != p.Doc || x.lent[i] || p.Inserts() || x.texts[i].URL != p.URL || x.texts[i].Title != p.Thing.Title {
			pages = append(pages, p)
		}
	}
	x.read(s, pages, workers)
}

// read enters some pages.
func (x *index) read(s *site.Site, todo []*site.Page, workers int) {
	if x.stale == nil {
		x.stale, x.texted = map[string]bool{}, map[int]bool{}
	}
	const atOnce = 256
	for len(todo) > 0 {
		now := todo[:min(atOnce, len(todo))]
		todo = todo[len(now):]
		outs := each(workers, now, func(p *site.Page) *reading { return readText(s.TextOf(p)) })
		for i, p := range now {
			x.enter(p.Order, outs[i])
			x.docs[p.Order], x.lent[p.Order] = p.Doc, p.Inserts()
		}
	}
}

// reading is a page's text with the words of it and how often each stands there.
type reading struct {
	text  site.Text
	count map[string]uint8
}

func readText(t site.Text) *reading {
	r := &reading{t, make(map[string]uint8, 256)}
	for _, b := range t.Blocks {
		content.Tokens(b.Text, func(w string) {
			if n := r.count[w]; n < 15 {
				r.count[w] = n + 1
			}
		})
	}
	return r
}

// enter puts what a page says in the place of what it said.
func (x *index) enter(page int, r *reading) {
	if old := x.texts[page]; old == nil || old.URL != r.text.URL || old.Title != r.text.Title || !slices.Equal(old.Blocks, r.text.Blocks) {
		x.texted[page/render.TextsAtOnce] = true
	}
	x.texts[page] = &r.text
	old := make(map[uint32]uint32, len(x.held[page]))
	for _, h := range x.held[page] {
		old[h>>4] = h & 15
	}
	held := make([]uint32, 0, len(r.count))
	for w, n := range r.count {
		id, ok := x.ids[w]
		if !ok {
			w = strings.Clone(w) // it may be a part of its whole block
			id = uint32(len(x.words))
			x.ids[w] = id
			x.words, x.pages = append(x.words, w), append(x.pages, nil)
		}
		held = append(held, id<<4|uint32(n))
		was, had := old[id]
		delete(old, id)
		if !had || was != uint32(n) {
			x.set(id, page, uint32(n))
		}
	}
	for id := range old {
		x.set(id, page, 0)
	}
	x.held[page] = held
}

// set says how much a word weighs on a page; 0 takes it out.
func (x *index) set(id uint32, page int, weight uint32) {
	w := x.words[id]
	g := x.groupOf(w)
	list := x.pages[id]
	at, found := len(list), false
	if at > 0 && list[at-1]>>4 >= uint32(page) {
		at, found = slices.BinarySearchFunc(list, uint32(page), func(p, page uint32) int { return cmp.Compare(p>>4, page) })
	}
	switch {
	case weight == 0:
		list = slices.Delete(list, at, at+1)
		x.total--
		if len(list) == 0 {
			delete(g.words, id)
		}
	case found:
		list[at] = uint32(page)<<4 | weight
	default:
		list = slices.Insert(list, at, uint32(page)<<4|weight)
		x.total++
		g.words[id] = true
	}
	x.pages[id] = list
	x.stale[g.first] = true
}

func (x *index) groupOf(word string) *group {
	_, a := utf8.DecodeRuneInString(word)
	_, b := utf8.DecodeRuneInString(word[a:])
	g := x.groups[word[:a+b]]
	if g == nil {
		g = &group{first: word[:a+b], words: map[uint32]bool{}}
		x.groups[g.first] = g
	}
	return g
}

// refresh makes the files again whose words or texts changed, and returns those that did; gone are those that are no
// more. names is how many names there are.
func (x *index) refresh(names int) (changed []render.File, gone []string) {
	put := func(f render.File) {
		x.files[f.Path] = f.Data
		changed = append(changed, f)
	}
	for _, i := range slices.Sorted(maps.Keys(x.texted)) {
		put(render.TextFile(i, x.texts[i*render.TextsAtOnce:min(len(x.texts), (i+1)*render.TextsAtOnce)]))
	}
	level := 0
	if x.total > oneLetter {
		level = 1
	}
	if x.total > twoLetters {
		level = 2
	}
	if level != x.level {
		for _, g := range x.groups {
			gone = append(gone, "_x/"+render.Bucket(g.first, x.level)+".js")
			x.stale[g.first] = true
		}
		x.level = level
	}
	buckets := map[string][]*group{} // those to be made again
	var list0 []string               // of all
	for first := range x.stale {
		buckets[render.Bucket(first, level)] = nil
	}
	all := map[string]bool{}
	var common []string
	for _, g := range x.groups {
		b := render.Bucket(g.first, level)
		if _, again := buckets[b]; again {
			buckets[b] = append(buckets[b], g)
			if x.stale[g.first] {
				g.common = nil
				for id := range g.words {
					if n := len(x.pages[id]); len(x.texts) > fewPages && n*2 > len(x.texts) {
						if g.common == nil {
							g.common = map[string]bool{}
						}
						g.common[x.words[id]] = true
					}
				}
			}
		}
		if len(g.words) > len(g.common) {
			all[b] = true
		}
		for w := range g.common {
			common = append(common, w)
		}
	}
	for b := range all {
		list0 = append(list0, b[min(len(b), 2):])
	}
	slices.Sort(list0)
	slices.Sort(common)
	for _, b := range slices.Sorted(maps.Keys(buckets)) {
		if !all[b] {
			gone = append(gone, "_x/"+b+".js")
			continue
		}
		var words []string
		for _, g := range buckets[b] {
			for id := range g.words {
				if w := x.words[id]; !g.common[w] {
					words = append(words, w)
				}
			}
		}
		slices.Sort(words)
		put(render.WordsFile(b, words, func(w string) render.Postings { return x.pages[x.ids[w]] }))
	}
	put(render.SearchFile(render.SearchInput{Names: names, Pages: len(x.texts), Level: level, Buckets: list0, Common: common}))
	x.stale, x.texted = nil, nil
	now := map[string]bool{}
	for _, f := range changed {
		now[f.Path] = true
	}
	gone = slices.DeleteFunc(gone, func(name string) bool {
		if now[name] {
			return true
		}
		_, had := x.files[name]
		delete(x.files, name)
		return !had
	})
	return changed, gone
}
