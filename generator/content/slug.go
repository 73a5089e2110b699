package content

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Slug turns a title or file name into a part of an address (contract section 3): NFKD, Latin letters without their
// marks and in ASCII, other scripts kept, lower case, and one - for each run of anything else.
func Slug(s string) string {
	var b strings.Builder
	latin, dash := false, false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case strings.ContainsRune("ʼʻʾʿ", r): // signs of transliteration, as marks: Qurʾān → quran
		case unicode.Is(unicode.Mn, r):
			if latin {
				continue // the mark of a Latin letter
			}
			b.WriteRune(r)
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			dash = false
			latin = unicode.Is(unicode.Latin, r)
			if a, ok := ascii[r]; ok {
				b.WriteString(a)
				continue
			}
			b.WriteRune(unicode.ToLower(r))
		default:
			dash = true
		}
	}
	return norm.NFC.String(b.String())
}

// ascii folds the Latin letters that NFKD leaves whole.
var ascii = map[rune]string{'ß': "ss", 'ẞ': "ss", 'ə': "e", 'Ə': "e", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "o", 'Ø': "o", 'ł': "l", 'Ł': "l",
	'đ': "d", 'Đ': "d", 'ð': "d", 'Ð': "d", 'þ': "th", 'Þ': "th", 'ı': "i", 'ħ': "h", 'Ħ': "h", 'ŋ': "n", 'Ŋ': "n"}

// SlugPath slugs each part of a path.
func SlugPath(p string) string {
	parts := strings.Split(p, "/")
	for i := range parts {
		parts[i] = Slug(parts[i])
	}
	return strings.Join(parts, "/")
}

// Fold makes two names equal when a link may take one for the other (T-4): case, Unicode form, and the difference
// between space, - and _ do not count, nor do blanks around.
func Fold(s string) string {
	plain := true
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || c >= 'A' && c <= 'Z' || c == ' ' || c == '_' || c == '-' && i > 0 && s[i-1] == '-' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	s = norm.NFC.String(strings.TrimSpace(s))
	var b strings.Builder
	blank := false
	for _, r := range s {
		switch {
		case r == ' ' || r == '-' || r == '_' || r == '\u00a0':
			blank = true
			continue
		case blank:
			b.WriteByte('-')
			blank = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	if blank {
		b.WriteByte('-')
	}
	return b.String()
}

// HeadingID is the id of a heading without one of its own: made like a slug, but with the letters as they are (contract
// section 3).
func HeadingID(text string) string {
	var b strings.Builder
	dash := false
	for _, r := range norm.NFC.String(text) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			dash = true
			continue
		}
		if dash && b.Len() > 0 {
			b.WriteByte('-')
		}
		dash = false
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
