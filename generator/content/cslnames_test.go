package content

import "testing"

// TestRichText reads the markup of titles as CSL-JSON has it, and balances what programs leave open.
func TestRichText(t *testing.T) {
	for _, c := range []struct {
		in         string
		markdown   bool
		text, html string
	}{
		{"Plain", false, "Plain", ""},
		{"On <i>ferries</i>", false, "On ferries", "On <i>ferries</i>"},
		{"<b>B</b> <sup>2</sup> <sub>3</sub>", false, "B 2 3", "<b>B</b> <sup>2</sup> <sub>3</sub>"},
		{"<I>x</I> <em>y</em>", false, "x y", "<i>x</i> <i>y</i>"},
		{`<sc>nato</sc>, <span style="font-variant:small-caps;">eu</span>, <span style="font-variant: small-caps">un</span>`, false, "nato, eu, un", `<span class="sc">nato</span>, <span class="sc">eu</span>, <span class="sc">un</span>`},
		{`The <span class="nocase">Alder</span>`, false, "The Alder", ""},
		{`<span class="nocase"><i>Bella</i></span>`, false, "Bella", "<i>Bella</i>"},
		{`<span onclick="x()">y</span>`, false, `<span onclick="x()">y`, ""},
		{`<script>alert(1)</script><i onmouseover="x">a</i>`, false, `<script>alert(1)</script>a`, `&lt;script&gt;alert(1)&lt;/script&gt;<i>a</i>`},
		{"<i>open", false, "open", ""},
		{"shut</i>", false, "shut", ""},
		{"<i><b>a</i> b</b>", false, "a b", "<i>a</i> b"},
		{"a < b > c", false, "a < b > c", ""},
		{"A &amp; B &lt;i&gt; &#233;", false, "A & B <i> é", ""},
		{"AT&T &copy &madeup;", false, "AT&T &copy &madeup;", ""},
		{"<jats:title>T</jats:title>", false, "T", ""},
		{"  two \n lines ", false, "two lines", ""},
		{"*a* **b** ~1~ ^2^", false, "*a* **b** ~1~ ^2^", ""},
		{"*a* **b** H~2~O x^2^ _c_", true, "a b H2O x2 c", "<i>a</i> <b>b</b> H<sub>2</sub>O x<sup>2</sup> <i>c</i>"},
		{"The [NATO]{.nocase} of [eu]{.smallcaps}", true, "The NATO of eu", `The NATO of <span class="sc">eu</span>`},
		{`5 * 3 * 2, \*no\*, file_name_here, ~ 3 ~ 4`, true, "5 * 3 * 2, *no*, file_name_here, ~ 3 ~ 4", ""},
	} {
		if got := readRich(c.in, c.markdown); got.Text != c.text || got.HTML != c.html {
			t.Errorf("%q: %q, %q; want %q, %q", c.in, got.Text, got.HTML, c.text, c.html)
		}
	}
}

// TestLanguageTag makes a tag of what reference managers write as a language, or nothing.
func TestLanguageTag(t *testing.T) {
	for in, want := range map[string]string{
		"en": "en", "en-US": "en-US", "eng": "en", "de_DE": "de-DE", "fre": "fr", "English": "en", "english": "en", "Deutsch": "de", "German": "de",
		"ngerman": "de", "français": "fr", "العربية": "ar", "English (US)": "en", "american": "en-US", "zh-Hant": "zh-Hant", "": "", "en; fr": "",
		"some language": "", "und": "", "mul": "", "x": "", "N/A": "", "xx-klingonish": "",
	} {
		if got := languageTag(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestPersonName writes names with their parts in order.
func TestPersonName(t *testing.T) {
	for _, c := range []struct {
		p             Person
		name, surname string
	}{
		{Person{Family: "Doe", Given: "J."}, "J. Doe", "Doe"},
		{Person{Family: "Beethoven", Given: "Ludwig", Particle: "van"}, "Ludwig van Beethoven", "van Beethoven"},
		{Person{Family: "Musset", Given: "Alfred", Dropping: "de"}, "Alfred de Musset", "Musset"},
		{Person{Family: "Fontaine", Given: "Jean", Dropping: "de", Particle: "La"}, "Jean de La Fontaine", "La Fontaine"},
		{Person{Family: "Alembert", Given: "Jean", Particle: "d’"}, "Jean d’Alembert", "d’Alembert"},
		{Person{Family: "King", Given: "Martin Luther", Suffix: "Jr."}, "Martin Luther King Jr.", "King"},
		{Person{Literal: "Ministry of Ports"}, "Ministry of Ports", "Ministry of Ports"},
		{Person{Given: "Prince"}, "Prince", "Prince"},
		{readName("Doe, Jane"), "Jane Doe", "Doe"},
		{readName("Jane Doe"), "Jane Doe", "Jane Doe"},
		{readName("Office for Ports, Ships, and Ferries"), "Office for Ports, Ships, and Ferries", "Office for Ports, Ships, and Ferries"},
	} {
		if c.p.Name() != c.name || c.p.Surname() != c.surname {
			t.Errorf("%+v: %q, %q; want %q, %q", c.p, c.p.Name(), c.p.Surname(), c.name, c.surname)
		}
	}
}

// TestDOI reads a DOI however it is written, and nothing else.
func TestDOI(t *testing.T) {
	for in, want := range map[string]string{
		"10.1000/182": "10.1000/182", "doi:10.1000/182": "10.1000/182", "DOI: 10.1000/182": "10.1000/182", "https://doi.org/10.1000/182": "10.1000/182",
		"http://dx.doi.org/10.1484/J.SE.2.303788": "10.1484/J.SE.2.303788", "10.1093/ref:odnb/10183": "10.1093/ref:odnb/10183",
		"10.1000": "", "see shelf": "", "https://example.org/10.1000/182": "", "10.1000/18 2": "",
	} {
		got := ""
		if m := doiForm.FindStringSubmatch(in); m != nil {
			got = m[1]
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := DOIAddress("10.1000/a<b>#c?d%e"); got != "https://doi.org/10.1000/a%3Cb%3E%23c%3Fd%25e" {
		t.Errorf("the address of a DOI is %s", got)
	}
}
