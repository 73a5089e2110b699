package content

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode"
)

// A sketch is what is kept of a text so that it is known again elsewhere, moved or a little changed: of the hashes of
// its pairs of neighbouring words the eight smallest, in order, four signs each. Of two sketches the share that they have
// in common is about the share that the texts have (Broder's resemblance), whatever their lengths.

// sketchSize is how many hashes a sketch keeps. More would tell finer shades apart; what is asked is whether most of a
// text is the same.
const sketchSize = 8

// Sketch is the sketch of some texts; no pair reaches from one into the next.
func Sketch(texts ...string) string {
	var s sketch
	for _, t := range texts {
		s.add(pairs(t))
	}
	return s.String()
}

// Alike says how much of two sketched texts is the same: from 0, nothing, to 1, all.
func Alike(a, b string) float64 {
	i, j, all, both := 0, 0, 0, 0
	for ; all < sketchSize && (i < len(a) || j < len(b)); all++ {
		x, y := cutSketch(a, i), cutSketch(b, j)
		switch {
		case y == "" || x != "" && x < y:
			i += 4
		case x == "" || y < x:
			j += 4
		default:
			both++
			i, j = i+4, j+4
		}
	}
	if all == 0 {
		return 0
	}
	return float64(both) / float64(all)
}

func cutSketch(s string, at int) string { return s[min(at, len(s)):min(at+4, len(s))] }

// sketches gives a page, its headings and its named blocks their sketches. A heading has that of all the text below it,
// up to the next of its level.
func (d *Doc) sketches() {
	heads := make([]sketch, len(d.Heads))
	var page sketch
	for i := range d.Blocks {
		b := &d.Blocks[i]
		if b.Kind == "heading" || b.Text == "" {
			continue
		}
		hashes := pairs(b.Text)
		page.add(hashes)
		level := 7
		for h := b.Head; h >= 0 && level > 1; h-- {
			if d.Heads[h].Level < level {
				level = d.Heads[h].Level
				heads[h].add(hashes)
			}
		}
		if b.Named {
			var own sketch
			own.add(hashes)
			b.Sketch = own.String()
		}
	}
	d.Sketch = page.String()
	for i := range heads {
		d.Heads[i].Sketch = heads[i].String()
	}
}

// sketch holds the smallest hashes so far, sorted.
type sketch []uint32

func (s *sketch) add(hashes []uint32) {
	for _, h := range hashes {
		if len(*s) == sketchSize && h >= (*s)[sketchSize-1] {
			continue
		}
		at, known := slices.BinarySearch(*s, h)
		if known {
			continue
		}
		*s = slices.Insert(*s, at, h)
		*s = (*s)[:min(len(*s), sketchSize)]
	}
}

// sketchSigns keep the order of the numbers that they write.
var sketchSigns = base64.NewEncoding("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")

func (s sketch) String() string {
	b := make([]byte, 0, 3*len(s))
	for _, h := range s {
		b = append(b, byte(h>>16), byte(h>>8), byte(h))
	}
	return sketchSigns.EncodeToString(b)
}

// pairs hashes each two neighbouring words of a text to 24 bits; a word alone stands for itself. Words are runs of
// letters and digits in small letters.
func pairs(text string) []uint32 {
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a
	var out []uint32
	words, last, h := 0, uint64(0), uint64(offset)
	in := false
	end := func() {
		if !in {
			return
		}
		if words++; words > 1 {
			out = append(out, mix(last*prime^h))
		}
		last, h, in = h, offset, false
	}
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			end()
			continue
		}
		in = true
		h = (h ^ uint64(unicode.ToLower(r))) * prime
	}
	end()
	if words == 1 {
		out = append(out, mix(last))
	}
	return out
}

// mix spreads what FNV leaves in the low bits, so that the smallest hashes are a fair choice.
func mix(h uint64) uint32 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	return uint32(h >> 40)
}

// AlikeWords says how much of two ids is the same words: of a reworded heading some often stay.
func AlikeWords(a, b string) float64 {
	x, y := strings.FieldsFunc(a, isDash), strings.FieldsFunc(b, isDash)
	both := 0
	for _, w := range x {
		if slices.Contains(y, w) {
			both++
		}
	}
	if len(x)+len(y) == 0 {
		return 0
	}
	return float64(2*both) / float64(len(x)+len(y))
}

func isDash(r rune) bool { return r == '-' }
