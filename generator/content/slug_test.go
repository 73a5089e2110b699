package content

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSlug(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Did Iraq ask the US to leave?", "did-iraq-ask-the-us-to-leave"},
		{"  Many   -- blanks__and_marks!  ", "many-blanks-and-marks"},
		{"Sudani’s Iraq's", "sudani-s-iraq-s"},
		{"Ünïcode Naïve Łódź Øresund ßtraße ẞ", "unicode-naive-lodz-oresund-sstrasse-ss"},
		{"Ankara'da İstanbul ılık", "ankara-da-istanbul-ilik"},
		{"Bakı Əliyev", "baki-eliyev"},
		{"ʿAlī al-Sīstānī, Qurʾān", "ali-al-sistani-quran"},
		{"e\u0301", "e"},
		{"العراق 2020", "العراق-2020"},
		{"مُحَمَّد", "مُحَمَّد"},
		{"Ελλάδα", "ελλάδα"},
		{"日本語", "日本語"},
		{"ﬁ ½ ２", "fi-1-2-2"},
		{"C++ & C#", "c-c"},
		{"", ""},
		{"???", ""},
		{"a/b", "a-b"},
	} {
		if got := Slug(c.in); got != c.want {
			t.Errorf("Slug(%q) = %q; want %q", c.in, got, c.want)
		}
		if once, twice := Slug(c.in), Slug(Slug(c.in)); once != twice {
			t.Errorf("Slug(%q) is %q, and that again %q", c.in, once, twice)
		}
	}
	if got := SlugPath("My Notes/Ünï code"); got != "my-notes/uni-code" {
		t.Errorf("SlugPath: got %q", got)
	}
}

// TestFold covers T-4: what a link may be written as and still mean the same page.
func TestFold(t *testing.T) {
	same := [][]string{
		{"us troops", "us-troops", "US_Troops", " Us  Troops ", "us\u00a0troops", "us--troops", "us - troops", "US--TROOPS"},
		{"é", "e\u0301", "É"},
		{"العراق", " العراق"},
		{"a.b", "A.B"},
	}
	for _, names := range same {
		for _, n := range names[1:] {
			if Fold(n) != Fold(names[0]) {
				t.Errorf("Fold(%q) = %q; Fold(%q) = %q", n, Fold(n), names[0], Fold(names[0]))
			}
		}
	}
	seen := map[string]string{}
	for _, n := range []string{"us troops", "ustroops", "us.troops", "e", "é", "us troops 2", "a/b", "a-b", "-a", "a"} {
		if o, twice := seen[Fold(n)]; twice {
			t.Errorf("%q and %q fold to one: %q", n, o, Fold(n))
		}
		seen[Fold(n)] = n
	}
}

func TestCountWords(t *testing.T) {
	for _, c := range []struct {
		in   string
		want int
	}{
		{"", 0}, {" – … ", 0}, {"one two", 2}, {"don't don’t", 2}, {"well-known", 1}, {"about 2,500 troops, 3.5%", 4},
		{"3–5 January", 3}, {"end. Begin", 2}, {"e\u0301tat", 1}, {"العراق والشام", 2}, {"日本語", 3}, {"日本 and", 3}, {"a/b", 2}, {"-a-", 1}, {"'quoted'", 1},
	} {
		if got := CountWords(c.in); got != c.want {
			t.Errorf("CountWords(%q) = %d; want %d", c.in, got, c.want)
		}
	}
}

// TestSentenceInALongText: the sentence around a place of a long text is found by reading near it, and is the one that
// reading from the start finds.
func TestSentenceInALongText(t *testing.T) {
	parts := []string{"One. ", "Mr. X said “no.” ", "word ", "字字。", "e.g. this ", "What?! ", "été ", "… ", "3.5 ", "(Yes.) ", "وقال؟ "}
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var b strings.Builder
		for b.Len() < 6000 {
			part := parts[r.IntN(len(parts))]
			for range r.IntN(1 + r.IntN(300)) { // now and then a sentence longer than what is read at first
				b.WriteString("words ")
			}
			b.WriteString(part)
		}
		text := b.String()
		for range 20 {
			from := r.IntN(len(text))
			for !utf8.RuneStart(text[from]) {
				from--
			}
			to := from + 1
			start, end := Sentence(text, from, to)
			wantStart, wantEnd, _ := sentenceFrom(text, 0, from, to)
			wantStart += len(text[wantStart:wantEnd]) - len(strings.TrimLeft(text[wantStart:wantEnd], " "))
			if start != wantStart || end != wantEnd {
				t.Fatalf("at %d: got %d-%d, want %d-%d in %q", from, start, end, wantStart, wantEnd, text)
			}
		}
	}
}

func TestSentence(t *testing.T) {
	for _, c := range []struct{ text, want string }{ // [ ] mark what the sentence has to hold
		{"One [two]. Three.", "One two."},
		{"One. [Two] three. Four.", "Two three."},
		{"One. Two [three]", "Two three"},
		{"Mr. Smith [went]. Then.", "Mr. Smith went."},
		{"He met J. R. [Smith] there. Then.", "He met J. R. Smith there."},
		{"About 2.5 [million]. Then.", "About 2.5 million."},
		{"Is it [so]? Yes.", "Is it so?"},
		{"He said “it is [so].” Then he left.", "He said “it is so.”"},
		{"(In [brackets].) Then.", "(In brackets.)"},
		{"Some e.g. [this] one. Then.", "Some e.g. this one."},
		{"on 5 Jan. [2020] it. Then.", "on 5 Jan. 2020 it."},
		{"هل [هذا]؟ نعم.", "هل هذا؟"},
		{"これは[本]です。次。", "これは本です。"},
		{"Over [one. Two] three. Four.", "Over one. Two three."},
		{"[]One. Two.", "One."},
		{"One. Two.[]", "Two."},
	} {
		var from, to int
		var text string
		for _, r := range c.text {
			switch r {
			case '[':
				from = len(text)
			case ']':
				to = len(text)
			default:
				text += string(r)
			}
		}
		start, end := Sentence(text, from, to)
		if got := text[start:end]; got != c.want {
			t.Errorf("Sentence(%q) = %q; want %q", c.text, got, c.want)
		}
	}
	for _, bad := range [][2]int{{-1, 3}, {2, 1}, {99, 100}} {
		if start, end := Sentence("One. Two.", bad[0], bad[1]); start < 0 || end > 9 || start > end {
			t.Errorf("Sentence at %v = %d, %d", bad, start, end)
		}
	}
}

// TestBlockIDs says that published ids stay: another way to make them would break every link to a block.
func TestBlockIDs(t *testing.T) {
	for _, c := range []struct{ text, want string }{{"", "b-e3b0c4"}, {"Text.", "b-f06dce"}, {" Text.\n", "b-f06dce"}, {"Text. ", "b-f06dce"}, {"a b", blockID("a  b")}, {"a\u00a0b", blockID("a b")}, {"e\u0301", "b-" + blockID("é")[2:]}} {
		if got := blockID(c.text); got != c.want {
			t.Errorf("blockID(%q) = %q; want %q", c.text, got, c.want)
		}
	}
	var b builder
	b.ids = map[string]int{}
	var got []string
	for _, want := range []string{"x", "x", "x-2", "x", "", "section"} {
		got = append(got, b.id(want))
	}
	if s := fmt.Sprint(got); s != "[x x-2 x-2-2 x-3 section section-2]" {
		t.Errorf("ids: %s", s)
	}
}
