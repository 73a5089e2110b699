package content

import (
	"strings"
	"testing"
)

// TestForeignScripts: names in a script of the other direction are isolated, each once, and the signs around them are
// not (ahead.md 3.14, checklist 82).
func TestForeignScripts(t *testing.T) {
	show := func(language, text string) string {
		d := ParseDoc(DocInput{File: File{Name: "content/x.md", Text: []byte(text + "\n")}, Settings: Settings{Language: language, RawHTML: true}}).Doc
		var b strings.Builder
		for _, p := range d.Body {
			b.WriteString(p.HTML)
		}
		s := strings.TrimSuffix(strings.TrimSpace(b.String()), "</p>")
		if d.Blocks[0].Text != strings.NewReplacer("**", "", "<bdi>", "", "</bdi>", "").Replace(text) {
			t.Errorf("the text of the block is %q", d.Blocks[0].Text)
		}
		return s[strings.IndexByte(s, '>')+1:]
	}
	for _, c := range []struct{ language, in, want string }{
		{"en", "Nouri al-Maliki (نوري المالكي), then.", `Nouri al-Maliki (<bdi lang="ar" dir="rtl">نوري المالكي</bdi>), then.`},
		{"en", "It’s – “quoted” – naïve, Ωμέγα and Кремль.", "It’s – “quoted” – naïve, Ωμέγα and Кремль."},
		{"en", "שלום and محمّد!", `<bdi lang="he" dir="rtl">שלום</bdi> and <bdi lang="ar" dir="rtl">محمّد</bdi>!`},
		{"en", "**نوري** x", `<strong><bdi lang="ar" dir="rtl">نوري</bdi></strong> x`},
		{"en", "<bdi>نوري</bdi> x", "<bdi>نوري</bdi> x"},
		{"ar", "قال Nouri al-Maliki إن", `قال <bdi lang="en" dir="ltr">Nouri al-Maliki</bdi> إن`},
		{"ar", "طائرة Boeing 747 (أو F-16)، 2024.", `طائرة <bdi lang="en" dir="ltr">Boeing 747</bdi> (أو <bdi lang="en" dir="ltr">F-16</bdi>)، 2024.`},
		{"ar", "في 5 يناير 2024", "في 5 يناير 2024"},
	} {
		if got := show(c.language, c.in); got != c.want {
			t.Errorf("%s: %q\n got %s\nwant %s", c.language, c.in, got, c.want)
		}
	}
}

// FuzzStretches: cutting loses nothing, and a page in one script is not cut.
func FuzzStretches(f *testing.F) {
	f.Add("Nouri (نوري المالكي) 747-x", true)
	f.Add("\xff\xd8", false)
	f.Fuzz(func(t *testing.T, s string, rtl bool) {
		var b strings.Builder
		for _, x := range stretches(s, rtl) {
			b.WriteString(x.text)
			if x.text == "" && s != "" {
				t.Error("an empty stretch")
			}
		}
		if b.String() != s {
			t.Errorf("%q became %q", s, b.String())
		}
	})
}
