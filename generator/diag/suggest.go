package diag

import (
	"slices"
	"strings"
	"unicode"
)

// Suggest returns the candidate nearest to word, or "" when none is clearly nearest. The distance counts insertions,
// deletions, substitutions and transpositions of neighbours (Damerau-Levenshtein, optimal string alignment), on
// lower-cased runes, and may be at most a third of the word's length, at least 1. Two spellings of one name, such as a
// title and its file name, count as one candidate, the first. A candidate that the word is a part of, or the other way
// round, is taken when it is the only one.
func Suggest(word string, candidates []string) string {
	w := fold(word)
	limit := max(1, len(w)/3)
	best, second, at := limit+1, limit+1, ""
	part, parts := "", 0
	for _, c := range candidates {
		f := fold(c)
		d := distance(w, f, limit)
		switch {
		case d < best:
			best, second, at = d, best, c
		case d < second && !slices.Equal(f, fold(at)):
			second = d
		}
		if len(w) >= 4 && len(f) >= 4 && (strings.Contains(string(f), string(w)) || strings.Contains(string(w), string(f))) && (parts == 0 || !slices.Equal(f, fold(part))) {
			part, parts = c, parts+1
		}
	}
	if at != "" && (best < second || best == 0) {
		return at
	}
	if parts == 1 {
		return part
	}
	return ""
}

// Near says whether two words differ in at most so many letters, capitals apart. Two letters that changed places count as
// one.
func Near(a, b string, most int) bool { return distance(fold(a), fold(b), most) <= most }

func fold(s string) []rune {
	rs := []rune(s)
	for i, r := range rs {
		if r == '_' || r == ' ' {
			r = '-'
		}
		rs[i] = unicode.ToLower(r)
	}
	return rs
}

// distance gives up, with limit+1, as soon as the strings are further apart than limit.
func distance(a, b []rune, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	prev2, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		low := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
			low = min(low, cur[j])
		}
		if low > limit {
			return limit + 1
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}
