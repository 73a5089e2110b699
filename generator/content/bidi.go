package content

import (
	"bytes"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// stretch is a part of a text in one direction.
type stretch struct {
	text    string
	foreign bool // written against the direction of the page
}

// stretches cuts a text where its direction changes (ahead.md 3.14). A foreign stretch starts and ends with a letter, so
// that brackets and full stops around it stay with the text of the page; a number that follows a Latin name belongs to
// it, as in Boeing 747.
func stretches(s string, rtl bool) []stretch {
	if !mixed(s, rtl) {
		return []stretch{{text: s}}
	}
	var out []stretch
	from, start, end := 0, -1, 0 // of the text not yet cut; of the foreign stretch at hand
	cut := func() {
		if start < 0 {
			return
		}
		if rtl {
			end = number(s, end)
		}
		if start > from {
			out = append(out, stretch{text: s[from:start]})
		}
		out = append(out, stretch{s[start:end], true})
		from, start = end, -1
	}
	for i, r := range s {
		switch direction(r) {
		case against(rtl):
			if start < 0 {
				start = i
			}
			end = i + len(string(r))
		case along(rtl):
			cut()
		case combining:
			if end == i && start >= 0 { // a vowel sign belongs to its letter
				end = i + len(string(r))
			}
		}
	}
	cut()
	if from < len(s) {
		out = append(out, stretch{text: s[from:]})
	}
	return out
}

// number is the end of a number that follows at s[at:], after a blank or hyphen, or at when there is none.
func number(s string, at int) int {
	i := at
	if i < len(s) && (s[i] == ' ' || s[i] == '-') {
		i++
	}
	j := i
	for j < len(s) && s[j] >= '0' && s[j] <= '9' {
		j++
	}
	if j == i {
		return at
	}
	return j
}

type way int

const (
	neutral   way = iota
	left          // strong left-to-right
	right         // strong right-to-left
	combining     // takes the way of the letter before it
)

func along(rtl bool) way {
	if rtl {
		return right
	}
	return left
}

func against(rtl bool) way { return along(!rtl) }

// direction is the way in which a letter is written (UAX 9, table 4).
func direction(r rune) way {
	if r < 0x80 {
		if unicode.IsLetter(r) {
			return left
		}
		return neutral
	}
	p, _ := bidi.LookupRune(r)
	switch p.Class() {
	case bidi.L:
		return left
	case bidi.R, bidi.AL:
		return right
	case bidi.NSM:
		return combining
	}
	return neutral
}

// mixed says whether a text may hold a foreign stretch. It is quick for what nearly all texts are: no right-to-left
// script has a letter whose first byte in UTF-8 is another one than these.
func mixed(s string, rtl bool) bool {
	for i := range len(s) {
		c := s[i]
		switch {
		case rtl && (c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= 0xC3):
			return true
		case !rtl && (c >= 0xD6 && c <= 0xE0 || c >= 0xEF):
			return true
		}
	}
	return false
}

// isolate opens and closes the element that keeps a foreign stretch from turning the signs beside it around. What the
// writer has put into an element of its own is not put into another.
func (b *builder) isolate(s stretch, write func(text string)) {
	if !s.foreign || bytes.HasSuffix(b.buf, []byte(">")) && tagged(b.buf) {
		write(s.text)
		return
	}
	b.html(foreignTag(s.text, b.lang.Dir == "rtl"))
	write(s.text)
	b.html("</bdi>")
}

// foreignTag opens the element of a stretch against the direction of the page.
func foreignTag(text string, rtl bool) string {
	if rtl {
		return `<bdi lang="en" dir="ltr">`
	}
	return `<bdi lang="` + scriptLanguage(text) + `" dir="rtl">`
}

// Isolated is a text as HTML in which foreign stretches stand in elements of their own.
func Isolated(text string, rtl bool) string {
	if !mixed(text, rtl) {
		return Escape(text)
	}
	var b strings.Builder
	for _, s := range stretches(text, rtl) {
		if s.foreign {
			b.WriteString(foreignTag(s.text, rtl) + Escape(s.text) + "</bdi>")
		} else {
			b.WriteString(Escape(s.text))
		}
	}
	return b.String()
}

// tagged says whether the HTML ends with a tag that sets a language or isolates what follows.
func tagged(buf []byte) bool {
	tag := buf[bytes.LastIndexByte(buf, '<')+1:]
	return bytes.HasPrefix(tag, []byte("bdi")) || bytes.HasPrefix(tag, []byte("bdo")) || bytes.Contains(tag, []byte(" lang=")) || bytes.Contains(tag, []byte(" dir="))
}

// scriptLanguage is the language that a right-to-left text is most likely in.
func scriptLanguage(s string) string {
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Hebrew, r):
			return "he"
		case unicode.Is(unicode.Syriac, r):
			return "syr"
		case unicode.Is(unicode.Thaana, r):
			return "dv"
		case r == 'پ' || r == 'چ' || r == 'ژ' || r == 'گ' || r == 'ی' || r == 'ک':
			return "fa"
		}
	}
	return "ar"
}
