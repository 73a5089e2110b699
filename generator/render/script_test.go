package render

import (
	"fmt"
	"strings"
	"testing"

	"gloss/generator/content"
	"gloss/generator/site"
)

// TestInlineScripts: only what the layout has in the head is allowed.
func TestInlineScripts(t *testing.T) {
	if got := inlineScripts([]byte(`<head><script>a</script><script type="x">b</script></head><body><script>c</script>`)); strings.Count(got, "sha256") != 1 {
		t.Errorf("allowed: %s", got)
	}
	if got := inlineScripts([]byte(`<head></head><body><script>c</script>`)); got != "" {
		t.Errorf("allowed: %s", got)
	}
}

// TestPreviewShards splits the previews by the first character of the id when there are many.
func TestPreviewShards(t *testing.T) {
	var list []site.Preview
	for i := range 400 {
		list = append(list, site.Preview{Key: fmt.Sprintf("terms/%cx%d/", 'a'+i%3, i), Title: "T", Text: strings.Repeat("word ", 100)},
			site.Preview{Key: fmt.Sprintf("facts/#سx%d", i), Title: "F"})
	}
	var names []string
	for _, f := range Previews(PreviewInput{list}) {
		names = append(names, f.Path)
		if f.Path == "_x/previews.js" && string(f.Data) != `gloss("previews",{"":["183","2p","2q","2r"]})`+"\n" {
			t.Errorf("the first file is %s", f.Data)
		}
	}
	if got, want := fmt.Sprint(names), "[_x/previews-183.js _x/previews-2p.js _x/previews-2q.js _x/previews-2r.js _x/previews.js]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := Previews(PreviewInput{list[:9]}); len(got) != 1 {
		t.Errorf("%d files for a few", len(got))
	}
}

// TestScriptWords: the words stand in the script, and a script that cannot be read is left as it is.
func TestScriptWords(t *testing.T) {
	w := content.LanguageOf("en").UI
	if got := string(MakeScript(ScriptInput{Name: "static/site.js", Text: []byte(`console.log("gloss-words-go-here")`), Words: w})); !strings.Contains(got, w.Previews) {
		t.Errorf("no words: %s", got)
	}
	if got := string(MakeScript(ScriptInput{Name: "static/site.js", Text: []byte(`( = `), Words: w})); got != "( = " {
		t.Errorf("got %q", got)
	}
}

func TestAppendJSON(t *testing.T) {
	if got, want := string(appendJSON(nil, "a\"\\\n\x01é\xff")), `"a\"\\\n\u0001é`+"\uFFFD"+`"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
