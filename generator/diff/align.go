package diff

import (
	"slices"
	"strings"
	"unicode"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// step is one step through two texts: a unit of the old and one of the new, or of one alone with -1 for the other. moved
// is a unit that reads the same and stands elsewhere.
type step struct {
	old, new int
	moved    bool
}

// alike is from where on two sentences are one that was reworded: two in five of their words are the same.
const alike = 0.4

// mostPairs is up to how many pairs of sentences between two that stayed are held against each other: 500 by 500. Where more
// was put in the place of more, it is another text.
const mostPairs = 250_000

// align pairs the units of two texts. First those that are the same, keeping as many as can be kept in order (Myers);
// what is left between them is paired, in order, so that the pairs are as alike as they can be; then what was taken out in
// one place and put in at another. Where several pairings are equally good, the order of the arguments must not decide, so
// one of the two texts always goes first.
func align(x, y []unit) []step {
	swap := slices.CompareFunc(x, y, func(a, b unit) int { return strings.Compare(a.text, b.text) }) > 0
	if swap {
		x, y = y, x
	}
	a, b := texts(x), texts(y)
	var out []step
	i, j := 0, 0
	for _, r := range runs(a, b) {
		for range r.same {
			out = append(out, step{i, j, false})
			i, j = i+1, j+1
		}
		out = append(out, pair(a[i:i+r.old], b[j:j+r.new], i, j)...)
		i, j = i+r.old, j+r.new
	}
	out = findMoved(out, a, b)
	if swap {
		for k, s := range out {
			out[k] = step{s.new, s.old, s.moved}
		}
	}
	return out
}

func texts(units []unit) []string {
	out := make([]string, len(units))
	for i, u := range units {
		out[i] = u.text
	}
	return out
}

// run is a stretch that two lists share, and what stands in each after it.
type run struct{ same, old, new int }

// runs finds what two lists share, in order and as much as possible. The library compares letters, so each text becomes
// one.
func runs(a, b []string) []run {
	letters := map[string]rune{}
	encode := func(list []string) []rune {
		out := make([]rune, len(list))
		for i, s := range list {
			r, ok := letters[s]
			if !ok {
				if r = rune(len(letters) + 1); r >= 0xD800 { // these stand for no letter
					r += 0xE000 - 0xD800
				}
				letters[s] = r
			}
			out[i] = r
		}
		return out
	}
	d := diffmatchpatch.New()
	d.DiffTimeout = 0 // no clock: the best answer, however long it takes
	out := []run{{}}
	for _, e := range d.DiffMainRunes(encode(a), encode(b), false) {
		n := len([]rune(e.Text))
		last := &out[len(out)-1]
		switch e.Type {
		case diffmatchpatch.DiffEqual:
			if last.old+last.new > 0 {
				out = append(out, run{})
				last = &out[len(out)-1]
			}
			last.same += n
		case diffmatchpatch.DiffDelete:
			last.old += n
		case diffmatchpatch.DiffInsert:
			last.new += n
		}
	}
	return out
}

// pair finds which of some new sentences are which of some old ones in other words: the pairs, in order, with the largest
// sum of likeness. i and j are where the two lists start.
func pair(a, b []string, i, j int) []step {
	if len(a)*len(b) > mostPairs {
		return slices.Concat(pair(a, nil, i, j), pair(nil, b, i+len(a), j))
	}
	best := make([][]float64, len(a)+1) // best[p][q]: from a[p:] and b[q:]
	like := make([][]float64, len(a)+1)
	for p := range best {
		best[p], like[p] = make([]float64, len(b)+1), make([]float64, len(b))
	}
	x, y := make([]map[string]int, len(a)), make([]map[string]int, len(b))
	for p := range a {
		x[p] = bag(a[p])
	}
	for q := range b {
		y[q] = bag(b[q])
	}
	for p := len(a) - 1; p >= 0; p-- {
		for q := len(b) - 1; q >= 0; q-- {
			best[p][q] = max(best[p+1][q], best[p][q+1])
			if like[p][q] = likeness(x[p], y[q]); like[p][q] >= alike {
				best[p][q] = max(best[p][q], best[p+1][q+1]+like[p][q])
			}
		}
	}
	var out []step
	for p, q := 0, 0; p < len(a) || q < len(b); {
		switch {
		case p < len(a) && q < len(b) && like[p][q] >= alike && best[p][q] == best[p+1][q+1]+like[p][q]:
			out = append(out, step{i + p, j + q, false})
			p, q = p+1, q+1
		case p < len(a) && (q == len(b) || best[p][q] == best[p+1][q]):
			out = append(out, step{i + p, -1, false})
			p++
		default:
			out = append(out, step{-1, j + q, false})
			q++
		}
	}
	return out
}

// bag is the words of a text and how often each stands there; the entry "" is how many there are.
func bag(s string) map[string]int {
	out := map[string]int{}
	for _, w := range words(s) {
		if w = strings.ToLower(strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })); w != "" {
			out[w]++
			out[""]++
		}
	}
	return out
}

// likeness is how many words two texts share, by half of all (Dice).
func likeness(a, b map[string]int) float64 {
	if a[""]+b[""] == 0 {
		return 0
	}
	same := 0
	for w, n := range a {
		if w != "" {
			same += min(n, b[w])
		}
	}
	return 2 * float64(same) / float64(a[""]+b[""])
}

// findMoved joins a unit that was taken out with the same one put in elsewhere.
func findMoved(steps []step, a, b []string) []step {
	gone := map[string][]int{} // text → steps
	for k, s := range steps {
		if s.new < 0 {
			gone[a[s.old]] = append(gone[a[s.old]], k)
		}
	}
	drop := map[int]bool{}
	for k, s := range steps {
		if s.old >= 0 {
			continue
		}
		if from := gone[b[s.new]]; len(from) > 0 {
			steps[k] = step{steps[from[0]].old, s.new, true}
			drop[from[0]] = true
			gone[b[s.new]] = from[1:]
		}
	}
	out := steps[:0]
	for k, s := range steps {
		if !drop[k] {
			out = append(out, s)
		}
	}
	return out
}

// words cuts a text at its blanks; a blank belongs to the word before it.
func words(s string) []string { return strings.SplitAfter(s, " ") }

// Piece is a stretch of a sentence; Differs says that the other reading does not have it.
type Piece struct {
	Text    string
	Differs bool
}

// Pieces marks in two readings of a sentence the words that differ.
func Pieces(before, after string) (a, b []Piece) {
	x, y := words(before), words(after)
	add := func(to *[]Piece, list []string, differs bool) {
		text := strings.Join(list, "")
		blank := ""
		if n := strings.TrimRight(text, " "); differs && n != text { // so that no line is drawn through or under it
			text, blank = n, text[len(n):]
		}
		if text != "" {
			*to = append(*to, Piece{text, differs})
		}
		if blank != "" {
			*to = append(*to, Piece{blank, false})
		}
	}
	// A word at the end of one reading may stand in the middle of the other.
	trim := func(list []string) []string {
		out := make([]string, len(list))
		for i, w := range list {
			out[i] = strings.TrimSuffix(w, " ")
		}
		return out
	}
	i, j := 0, 0
	for _, r := range runs(trim(x), trim(y)) {
		add(&a, x[i:i+r.same], false)
		add(&b, y[j:j+r.same], false)
		i, j = i+r.same, j+r.same
		add(&a, x[i:i+r.old], true)
		add(&b, y[j:j+r.new], true)
		i, j = i+r.old, j+r.new
	}
	return a, b
}
