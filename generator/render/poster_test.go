package render

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"

	"gloss/generator/site"
)

// somePosters are a poster of each kind: with a number, with a long question, with little, from right to left, and with
// both directions on it.
var somePosters = []site.PosterView{
	{Title: "US troops in Iraq", Number: "roughly 2,500 troops", Label: "as of 2 February 2024", Date: "Updated 9 February 2024", Language: "en", Dir: "ltr"},
	{Title: "How many US troops are in Iraq, and what did the Iraqi parliament decide about them in January 2020?", Text: "About 2,500 US soldiers are in Iraq to advise and train Iraqi forces fighting the Islamic State, although parliament called on them to leave.", Date: "Updated 9 February 2024", Site: "US troops in Iraq", Language: "en", Dir: "ltr"},
	{Title: "Timeline", Site: "US troops in Iraq", Language: "en", Dir: "ltr", Accent: "#048"},
	{Title: "كم عدد القوات الأمريكية في العراق؟", Text: "يوجد نحو 2500 جندي أمريكي في العراق (حسب البنتاغون).", Date: "27 أكتوبر 2022", Site: "الجسر", Language: "ar", Dir: "rtl"},
	{Title: "Muhammad Shia al-Sudani (محمد شياع السوداني)", Text: "Шойгу, Ελλάδα, Nguyễn.", Site: "US troops in Iraq", Language: "en", Dir: "ltr"},
}

// picture draws a poster and reads it as others do.
func picture(t *testing.T, p site.PosterView) *image.Paletted {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(DrawPoster(p)))
	if err != nil {
		t.Fatalf("%q: %v", p.Title, err)
	}
	return m.(*image.Paletted)
}

// inked are the columns of some rows that are not blank, from first to last.
func inked(m *image.Paletted, top, bottom int) (first, last int) {
	first, last = posterWidth, -1
	for y := top; y < bottom; y++ {
		for x := range posterWidth {
			if m.ColorIndexAt(x, y) != 0 {
				first, last = min(first, x), max(last, x)
			}
		}
	}
	return first, last
}

func TestPosterIsAPicture(t *testing.T) {
	for _, p := range somePosters {
		m := picture(t, p)
		if m.Rect != image.Rect(0, 0, 1200, 630) {
			t.Errorf("%q is drawn on %v", p.Title, m.Rect)
		}
		if n := len(DrawPoster(p)); n > 32<<10 {
			t.Errorf("%q has %d bytes", p.Title, n)
		}
		if r, g, b, _ := m.At(0, 0).RGBA(); r>>8 != 0xfd || g>>8 != 0xfc || b>>8 != 0xf9 {
			t.Errorf("the ground is %v", m.At(0, 0))
		}
	}
	if r, g, b, _ := picture(t, somePosters[2]).At(posterMargin, 280).RGBA(); r>>8 != 0 || g>>8 != 0x44 || b>>8 != 0x88 {
		t.Errorf("the bar of a site with the accent #048 is %x %x %x", r>>8, g>>8, b>>8)
	}
}

// TestPosterIsTheSameAnywhere draws with inks that have drawn other things before, several at once, as builds do.
func TestPosterIsTheSameAnywhere(t *testing.T) {
	var want [][]byte
	for _, p := range somePosters {
		want = append(want, DrawPoster(p))
	}
	var wg sync.WaitGroup
	for worker := range uint64(4) {
		wg.Go(func() {
			for _, i := range rand.New(rand.NewPCG(worker, 1)).Perm(len(somePosters)) {
				if !bytes.Equal(DrawPoster(somePosters[i]), want[i]) {
					t.Errorf("worker %d draws %q in another way", worker, somePosters[i].Title)
				}
			}
		})
	}
	wg.Wait()
}

// TestPosterLook fails when posters are drawn in another way than before, by us, a new font or a new library. Look at
// them, raise posterLook, so that nobody keeps the old ones, and put the new sums here.
func TestPosterLook(t *testing.T) {
	const look = 1
	want := []string{"55bb29d0", "e57bfb6d", "3908a622", "13e4c273", "cb370582"}
	var got []string
	for _, p := range somePosters {
		sum := sha256.Sum256(picture(t, p).Pix)
		got = append(got, hex.EncodeToString(sum[:4]))
	}
	if posterLook != look || !slices.Equal(got, want) {
		t.Errorf("look %d draws %q, want look %d, %q", posterLook, got, look, want)
	}
}

// TestPosterName: whatever can be seen is in the name, and nothing else.
func TestPosterName(t *testing.T) {
	p := site.PosterView{Title: "t", Text: "x", Number: "1", Label: "l", Date: "d", Site: "s", Language: "en", Dir: "ltr", Accent: "#000"}
	name := PosterName(p)
	if same := p; PosterName(same) != name || !strings.HasPrefix(name, "_x/og/") || !strings.HasSuffix(name, ".png") {
		t.Errorf("the name is %q, then %q", name, PosterName(same))
	}
	for i := range reflect.TypeOf(p).NumField() {
		other := p
		reflect.ValueOf(&other).Elem().Field(i).SetString("z")
		if PosterName(other) == name {
			t.Errorf("another %s has the same name", reflect.TypeOf(p).Field(i).Name)
		}
	}
	if a, b := PosterName(site.PosterView{Title: "ab", Text: "c"}), PosterName(site.PosterView{Title: "a", Text: "bc"}); a == b {
		t.Error("the same letters in other places have the same name")
	}
	for _, title := range []string{"", "伊拉克", "🎉"} {
		if got := PosterName(site.PosterView{Title: title}); got != "" && title != "🎉" || got != "" && legible(title) == "" {
			t.Errorf("%q has the poster %q", title, got)
		}
	}
}

// TestPosterShapesArabic compares with what HarfBuzz's own hb-shape says of our face: clusters and advances, from left to
// right. Letters that stand alone would be wider.
func TestPosterShapesArabic(t *testing.T) {
	for s, want := range map[string]string{
		"الأمريكية": "8+507 7+360 6+467 5+343 4+395 3+473 2+0 1+546 0+284",
		"بيت":       "2+817 1+360 0+275",
	} {
		k := inks.Get().(*ink)
		k.rtl, k.lang = true, language.NewLanguage("ar")
		text := k.shape(s, k.bold)
		var got []string
		text.seen(k.lines(text, 60, 1000, 1)[0], func(_ *shaping.Output, g *shaping.Glyph) {
			got = append(got, fmt.Sprintf("%d+%d", g.TextIndex(), g.Advance>>6))
		})
		if strings.Join(got, " ") != want {
			t.Errorf("%s is set as %v, want %s", s, got, want)
		}
	}
}

// TestPosterMixesDirections: in Arabic the first word is the rightmost and an English one after it stands to its left, itself
// from left to right, while its brackets belong to the Arabic (Unicode's rule N0); on an English page all is turned around.
func TestPosterMixesDirections(t *testing.T) {
	const s = "قوات (SOFA) بيت"
	for rtl, want := range map[bool]string{
		true:  "[14 13 12 11 10 6 7 8 9 5 4 3 2 1 0]",
		false: "[3 2 1 0 4 5 6 7 8 9 10 11 14 13 12]",
	} {
		k := inks.Get().(*ink)
		k.rtl, k.lang = rtl, language.NewLanguage("ar")
		text := k.shape(s, k.regular)
		var got []int
		text.seen(k.lines(text, 60, 1000, 1)[0], func(_ *shaping.Output, g *shaping.Glyph) { got = append(got, g.TextIndex()) })
		if fmt.Sprint(got) != want {
			t.Errorf("from right to left %v: the letters stand as %v, want %s", rtl, got, want)
		}
	}
}

// TestPosterFromRightToLeft: the bar, the text and the foot of an Arabic poster start at the right. On a poster in English
// the same text takes the same room, and starts at the left.
func TestPosterFromRightToLeft(t *testing.T) {
	p := site.PosterView{Title: "جسر", Date: "مارس", Site: "", Language: "ar", Dir: "rtl"}
	rtl := picture(t, p)
	p.Dir = "ltr"
	ltr := picture(t, p)
	first, last := inked(rtl, 0, posterFloor)
	if last != posterWidth-posterMargin-1 || rtl.ColorIndexAt(last, posterTop+230) != accentShade {
		t.Errorf("the bar ends at %d in colour %d", last, rtl.ColorIndexAt(last, posterTop+230))
	}
	if a, b := inked(ltr, 0, posterFloor); a != posterMargin || max(b-a-last+first, last-first-b+a) > 12 { // a letter is not as far from its neighbours on both sides
		t.Errorf("from left to right the ink is from %d to %d, from right to left from %d to %d", a, b, first, last)
	}
	foot, end := inked(rtl, posterFloor, posterHeight)
	if end > posterWidth-posterMargin || end < posterWidth-posterMargin-8 || foot < posterWidth/2 {
		t.Errorf("the foot is from %d to %d", foot, end)
	}
}

// TestPosterWithoutBoxes: no text shows the box of a face for what it lacks.
func TestPosterWithoutBoxes(t *testing.T) {
	for s, want := range map[string]string{
		"Xi Jinping (习近平) in Iraq": "Xi Jinping (…) in Iraq",
		"A party 🎉!":               "A party !",
		"伊拉克":                      "",
		"e\u0301t\u00e9 al-Sudani": "\u00e9t\u00e9 al-\u2060Sudani",
		"a\u200db\u2066c\u2069":    "a\u200db\u2066c\u2069",
		" two\n lines\t":           "two lines",
		"bad \xff byte":            "bad byte",
	} {
		if got := legible(s); got != want {
			t.Errorf("%q is drawn as %q, want %q", s, got, want)
		}
	}
	k := inks.Get().(*ink)
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var s []rune
		for range 30 {
			s = append(s, []rune{' ', 'a' + rune(r.IntN(26)), 0x600 + rune(r.IntN(0x100)), 0x300 + rune(r.IntN(0x70)), rune(r.IntN(0x3000)), 0x2000 + rune(r.IntN(0x70)), 0x1f300 + rune(r.IntN(300))}[r.IntN(7)])
		}
		text := legible(string(s))
		if text == "" {
			continue
		}
		for _, run := range k.shape(text, k.regular).runs {
			for _, g := range run.Glyphs {
				if g.GlyphID == 0 {
					t.Fatalf("%+q, drawn as %+q, shows a box for %+q", string(s), text, []rune(text)[g.TextIndex()])
				}
			}
		}
	}
}

// TestPosterHasRoom draws texts of any length and looks for ink where none may be.
func TestPosterHasRoom(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	words := strings.Fields("a troops of parliament Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft 2,500 في العراق والأمريكية")
	some := func(most int) string {
		var s []string
		for range r.IntN(most) {
			s = append(s, words[r.IntN(len(words))])
		}
		return strings.Join(s, " ")
	}
	for range 60 {
		p := site.PosterView{Title: "T " + some(40), Text: some(60), Date: some(12), Site: some(20), Language: "en", Dir: []string{"ltr", "rtl"}[r.IntN(2)]}
		if r.IntN(3) == 0 {
			p.Number, p.Label = some(12), some(30)
		}
		m := picture(t, p)
		first, last := inked(m, 0, posterHeight)
		top, foot := 0, posterFloor+8
		for y := range posterHeight {
			if a, b := inked(m, y, y+1); a <= b && y < posterTop-20 {
				top++
			}
		}
		if first < posterMargin-8 || last > posterWidth-posterMargin+8 || top > 0 {
			t.Errorf("%+v has ink from %d to %d, in %d rows of the upper margin", p, first, last, top)
		}
		if a, b := inked(m, foot, foot+8); a <= b {
			t.Errorf("%+v has ink between the text and the foot", p)
		}
	}
}

// BenchmarkPoster draws posters with much text on them.
func BenchmarkPoster(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		p := somePosters[1]
		p.Title = fmt.Sprint(i%7, " ", p.Title)
		DrawPoster(p)
	}
}
