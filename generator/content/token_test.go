package content

import (
	"os"
	"strings"
	"testing"
)

// TestTokens holds the rule of words to a table that the script is held to, too (TestReaderInBrowser): a text, a tab, its words.
func TestTokens(t *testing.T) {
	table, err := os.ReadFile("../testdata/tokens.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(string(table), "\n"), "\n")
	if len(lines) < 10 {
		t.Fatal("the table is too short")
	}
	for _, l := range lines {
		text, want, _ := strings.Cut(l, "\t")
		var got []string
		Tokens(text, func(w string) { got = append(got, w) })
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%q has the words %q, want %q", text, g, want)
		}
	}
}
