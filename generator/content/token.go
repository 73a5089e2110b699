package content

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Tokens calls f for each word of a text as the search knows it, in order; the word may be a part of a longer text. The
// script of the theme cuts what readers type by the same rule: compatibility forms taken apart (NFKD), small letters,
// marks and signs of transliteration dropped, Latin letters without marks, one form of alef, ya and ha, no tatweel, no
// comma between digits; a word is a run of letters and digits; Chinese and Japanese signs go in pairs (libraries.md 2.5).
func Tokens(s string, f func(word string)) {
	plain := true
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			plain = false
			break
		}
	}
	if !plain {
		foldTokens(s, f)
		return
	}
	s = strings.ToLower(s) // one copy, of which the words are parts
	from := -1             // where the word starts
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			if from < 0 {
				from = i
			}
		case c == ',' && i > 0 && i+1 < len(s) && isDigit(s[i-1]) && isDigit(s[i+1]): // goes on
		case from >= 0:
			f(withoutCommas(s[from:i]))
			from = -1
		}
	}
	if from >= 0 {
		f(withoutCommas(s[from:]))
	}
}

func withoutCommas(w string) string {
	if strings.IndexByte(w, ',') < 0 {
		return w
	}
	return strings.ReplaceAll(w, ",", "")
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// foldTokens does the same for texts that are not ASCII alone.
func foldTokens(s string, f func(word string)) {
	var word []byte
	var pair []rune // a run of signs that go in pairs
	flush := func() {
		if len(word) > 0 {
			f(string(word))
			word = word[:0]
		}
		for i := range pair {
			if i+1 < len(pair) {
				f(string(pair[i : i+2]))
			} else if len(pair) == 1 {
				f(string(pair))
			}
		}
		pair = pair[:0]
	}
	rs := []rune(norm.NFKD.String(s))
	for i, r := range rs {
		r = unicode.ToLower(r)
		switch {
		case unicode.Is(unicode.Mn, r), strings.ContainsRune("ـʼʻʾʿ", r):
		case (r == ',' || r == '٬') && i > 0 && i+1 < len(rs) && unicode.IsDigit(rs[i-1]) && unicode.IsDigit(rs[i+1]):
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			if len(word) > 0 {
				flush()
			}
			pair = append(pair, r)
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mc, r):
			if len(pair) > 0 {
				flush()
			}
			if a, ok := searched[r]; ok {
				word = append(word, a...)
			} else {
				word = utf8.AppendRune(word, r)
			}
		default:
			flush()
		}
	}
	flush()
}

// searched are the letters that the search writes otherwise than NFKD does. The script has the same table.
var searched = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ħ': "h", 'ŋ': "n", 'ə': "e",
	'ς': "σ", 'ٱ': "ا", 'ى': "ي", 'ة': "ه", 'ک': "ك", 'ی': "ي"}
