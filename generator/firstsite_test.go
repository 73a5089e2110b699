package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/pelletier/go-toml/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// runLength is how many words in a row make a copied sentence.
const runLength = 8

// TestFirstSite holds the words of the first site to the rules of its desk, which no check of the generator knows: its
// own words and nobody's, nothing loaded, every statement of the fact sheet used or left out on purpose, no figure
// without its number in the fact sheet.
func TestFirstSite(t *testing.T) {
	t.Parallel()
	own := ownSite(t, ".")
	pages := map[string]*html.Node{}
	for name, data := range own.Files {
		if strings.HasSuffix(name, ".html") {
			doc, err := html.Parse(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			pages[name] = doc
		}
	}

	// The article is at hand as hashes alone. GLOSS_ARTICLE=file writes them anew from its text.
	t.Run("no_sentence_of_the_article", func(t *testing.T) {
		const file = "testdata/firstsite/article.sha256"
		if from := os.Getenv("GLOSS_ARTICLE"); from != "" {
			text, err := os.ReadFile(from)
			if err != nil {
				t.Fatal(err)
			}
			var hashes []string
			for _, r := range runsOf(string(text)) {
				hashes = append(hashes, hashOf(r))
			}
			slices.Sort(hashes)
			if err := os.WriteFile(file, []byte(strings.Join(slices.Compact(hashes), "\n")+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		article := map[string]bool{}
		for _, h := range strings.Fields(string(data)) {
			article[h] = true
		}
		if len(article) < 400 {
			t.Fatalf("the article has %d runs of words", len(article))
		}
		allowed := "at the invitation of the government of iraq" // said by a named person, and quoted as such
		quoted := false
		for name, doc := range pages {
			for _, r := range runsOf(ownText(doc, true)) {
				switch {
				case !article[hashOf(r)]:
				case r == allowed:
					quoted = true
				default:
					t.Errorf("%s has words of the article: %q", name, r)
				}
			}
		}
		if !quoted {
			t.Error("the one quotation that is as long is not found: the comparison finds nothing")
		}
	})

	t.Run("no_loaded_word", func(t *testing.T) {
		loaded := regexp.MustCompile(`(?i)\b(lackeys?|(boot|kick|string)(s|ed|ing)? (\w+ )?out|strung out|uproar|assuag\w+|puppets?|prox(y|ies)|terrorists?|occupation|martyr\w*|regimes?)\b`)
		for name, doc := range pages {
			if m := loaded.FindString(ownText(doc, false)); m != "" {
				t.Errorf("%s says %q in its own voice", name, m)
			}
		}
	})

	t.Run("every_fact_used_or_left_out", func(t *testing.T) {
		var sheet struct {
			Used    map[string]struct{ Page, Says string }
			LeftOut map[string]string `toml:"left_out"`
			Never   map[string]string
		}
		data, err := os.ReadFile("testdata/firstsite/sheet.toml")
		if err != nil {
			t.Fatal(err)
		}
		if err := toml.Unmarshal(data, &sheet); err != nil {
			t.Fatal(err)
		}
		for n := 1; n <= 44; n++ {
			f := "F" + strconv.Itoa(n)
			use, used := sheet.Used[f]
			why, out := sheet.LeftOut[f]
			switch {
			case used == out:
				t.Errorf("%s must be either used or left out on purpose", f)
			case out && why == "":
				t.Errorf("%s is left out for no reason", f)
			case used:
				doc := pages[path.Join(use.Page, "index.html")]
				if doc == nil {
					t.Errorf("%s: there is no page %q", f, use.Page)
				} else if words(use.Says) == "" || !strings.Contains(words(ownText(doc, true)), words(use.Says)) {
					t.Errorf("%s: /%s does not say %q", f, use.Page, use.Says)
				}
			}
		}
		texts := map[string]string{} // with the addresses of the links
		for name, doc := range pages {
			text := ownText(doc, true)
			for d := range doc.Descendants() {
				if href, ok := attr(d, "href"); ok {
					text += " " + href
				}
			}
			texts[name] = text
		}
		for n := 1; n <= 13; n++ {
			item := "N" + strconv.Itoa(n)
			if sheet.Never[item] == "" {
				t.Errorf("%s has no words by which it would be known", item)
				continue
			}
			never := regexp.MustCompile("(?i)" + sheet.Never[item])
			for name, text := range texts {
				if m := never.FindString(text); m != "" {
					t.Errorf("%s must not be used, and %s says %q", item, name, m)
				}
			}
		}
	})

	t.Run("every_figure_has_its_number", func(t *testing.T) {
		known := map[string]bool{}
		id := regexp.MustCompile(`^\[([a-z0-9-]+)\](.*)$`)
		marked := regexp.MustCompile(`\b[FX][0-9]+\b`)
		data, err := os.ReadFile("../content/data/facts.toml")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if m := id.FindStringSubmatch(strings.TrimSpace(line)); m != nil && !marked.MatchString(m[2]) {
				t.Errorf("facts.toml: %s has no number of the fact sheet", m[1])
			}
		}
		for _, f := range own.Site.Facts {
			known[digitsOf(f.Fact.Value)] = true
			for _, h := range f.Fact.History {
				known[digitsOf(h.Value)] = true
			}
		}
		for _, file := range []string{"troops.csv", "troops-iraq.csv"} {
			f, err := os.Open("../content/data/" + file)
			if os.IsNotExist(err) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			rows, err := csv.NewReader(f).ReadAll()
			f.Close()
			if err != nil {
				t.Fatal(err)
			}
			troops, number := slices.Index(rows[0], "troops"), slices.Index(rows[0], "fact_id")
			for _, row := range rows[1:] {
				known[digitsOf(row[troops])] = true
				if number >= 0 && !marked.MatchString(row[number]) {
					t.Errorf("%s: %v has no number of the fact sheet", file, row)
				}
			}
		}
		figure := regexp.MustCompile(`\b[0-9]{1,3}(?:,[0-9]{3})+\b|\b(?:1?[0-9]{2,3}|[3-9][0-9]{3})\b(?: (?:US |British )?(?:and (?:\w+ )?)?(?:troops|soldiers|personnel|advisers|forces)\b)`)
		found := 0
		for name, doc := range pages {
			for _, m := range figure.FindAllString(ownText(doc, false), -1) {
				found++
				if n := digitsOf(strings.Fields(m)[0]); !known[n] {
					t.Errorf("%s says %q, which no record has", name, m)
				}
			}
		}
		if found < 100 {
			t.Errorf("only %d figures were found", found)
		}
	})
}

// ownText is what a page says itself: without the titles of other works, drawings, code and, unless quotes, what stands
// in quotation marks.
func ownText(doc *html.Node, quotes bool) string {
	var b strings.Builder
	for d := range doc.Descendants() {
		switch {
		case d.Type == html.TextNode && !inside(d, atom.Script, atom.Style, atom.Cite, atom.Svg, atom.Pre) && (quotes || !inside(d, atom.Q)):
			b.WriteString(d.Data)
		case d.Type == html.ElementNode && !slices.Contains([]atom.Atom{atom.A, atom.Time, atom.B, atom.I, atom.Em, atom.Strong, atom.Bdi, atom.Mark, atom.Span}, d.DataAtom):
			b.WriteString(" ")
			if c, _ := attr(d, "content"); d.DataAtom == atom.Meta {
				b.WriteString(c + " ")
			}
		}
	}
	if quotes {
		return b.String()
	}
	return regexp.MustCompile(`"[^"]{1,120}"|“[^”]{1,120}”`).ReplaceAllString(b.String(), " ")
}

// words is text as it is compared: words alone, in small letters, without signs.
func words(s string) string {
	s = strings.NewReplacer("’", "", "'", "", "‘", "", ",", "").Replace(strings.ToLower(s))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }), " ")
}

func runsOf(s string) []string {
	ws := strings.Fields(words(s))
	var out []string
	for i := 0; i+runLength <= len(ws); i++ {
		out = append(out, strings.Join(ws[i:i+runLength], " "))
	}
	return out
}

func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return fmt.Sprintf("%x", sum[:8])
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
