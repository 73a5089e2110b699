package build

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// omissions are the steps of [site.Site.Relink], what [site.Site.Alike] compares, and the keys of [Do], each with the
// change of the source that leaves it out when it is asked for.
var omissions = []struct{ name, file, old, new string }{
	{"findings", "site/relink.go", "\t\te.found = nil\n", "\t\tif !Omitted(\"findings\") {\n e.found = nil\n}\n"},
	{"blocks", "site/relink.go", "\t\ttarget.Block = block\n", "\t\tif !Omitted(\"blocks\") {\n target.Block = block\n}\n"},
	{"uses", "site/relink.go", "\t\te.replaceUses()\n", "\t\tif !Omitted(\"uses\") {\n e.replaceUses()\n}\n"},
	{"things", "site/relink.go", "\tr.checkThings()\n", "\tif !Omitted(\"things\") {\n r.checkThings()\n}\n"},
	{"circles", "site/relink.go", "\ts.checkEmbeds()\n", "\tif !Omitted(\"circles\") {\n s.checkEmbeds()\n}\n"},
	{"related", "site/relink.go", "\tr.relateAgain()\n", "\tif !Omitted(\"related\") {\n r.relateAgain()\n}\n"},
	{"mentions", "site/relink.go", "\tr.showMentions(before, after)\n", "\tif !Omitted(\"mentions\") {\n r.showMentions(before, after)\n}\n"},
	{"embeds", "site/relink.go", "for found := true; found; {", "for found := !Omitted(\"embeds\"); found; {"},
	{"made", "site/relink.go", "r.made[m.Kind] {", "r.made[m.Kind] && !Omitted(\"made\") {"},
	{"ranks", "site/relink.go", "\tr.showRanks(before, after)\n", "\tif !Omitted(\"ranks\") {\n r.showRanks(before, after)\n}\n"},
	{"files", "site/relink.go", "if !s.usesSameFiles(p, e.New) {", "if !Omitted(\"files\") && !s.usesSameFiles(p, e.New) {"},
	{"/", "", "", ""}, // prose alone cannot show those below
	{"surroundings", "site/alike.go", "if !s.surroundingsAlike(old) {", "if !Omitted(\"surroundings\") && !s.surroundingsAlike(old) {"},
	{"text", "site/alike.go", "p.Doc == q.Doc &&", "(Omitted(\"text\") || p.Doc == q.Doc) &&"},
	{"targets", "site/alike.go", "slices.EqualFunc(p.Targets, q.Targets, func(a, b Target) bool { return likeTargetsOf(p, q, a, b) }) {", "(Omitted(\"targets\") || slices.EqualFunc(p.Targets, q.Targets, func(a, b Target) bool { return likeTargetsOf(p, q, a, b) })) {"},
	{"first-mentions", "site/alike.go", "slices.EqualFunc(p.Autos, q.Autos, likeFirstMention) &&", "(Omitted(\"first-mentions\") || slices.EqualFunc(p.Autos, q.Autos, likeFirstMention)) &&"},
	{"mentions-of-it", "site/alike.go", "slices.EqualFunc(p.Thing.Used, q.Thing.Used, likeMention) &&", "(Omitted(\"mentions-of-it\") || slices.EqualFunc(p.Thing.Used, q.Thing.Used, likeMention)) &&"},
	{"changes", "site/alike.go", "reflect.DeepEqual(s.changesOf(p), old.changesOf(q))", "(Omitted(\"changes\") || reflect.DeepEqual(s.changesOf(p), old.changesOf(q)))"},
	{"", "site/alike.go", "// Alike compares", "// Omitted is what is left out.\nvar Omitted = func(string) bool { return false }\n\n// Alike compares"},
	{"", "build/memo.go", "\tkeyed := in\n", "\tkeyed := forget(stage, in).(In)\n"},
}

// TestTeeth builds the tests of this package with sources in which a step can be left out, and runs those that require
// that the scripts of edits notice each omission (testdata/teeth). So a step that is no longer tried by any edit, or that
// does nothing any more, fails here.
func TestTeeth(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the tests again, and some omissions take many scripts to show")
	}
	t.Parallel()
	dir := t.TempDir()
	texts, overlay := map[string]string{}, map[string]string{}
	var names []string
	for _, o := range omissions {
		if o.name != "" {
			names = append(names, o.name)
		}
		if o.file == "" {
			continue
		}
		text, ok := texts[o.file]
		if !ok {
			b, err := os.ReadFile(filepath.Join("..", o.file))
			if err != nil {
				t.Fatal(err)
			}
			text = string(b)
		}
		if strings.Count(text, o.old) != 1 {
			t.Fatalf("%s does not have %q once; leave that step out elsewhere", o.file, o.old)
		}
		texts[o.file] = strings.Replace(text, o.old, o.new, 1)
	}
	lay := func(file, text string) {
		abs, err := filepath.Abs(filepath.Join("..", file))
		if err != nil {
			t.Fatal(err)
		}
		overlay[abs] = filepath.Join(dir, strings.ReplaceAll(file, "/", "_"))
		if err := os.WriteFile(overlay[abs], []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for file, text := range texts {
		lay(file, text)
	}
	more, err := os.ReadFile("testdata/teeth/teeth_test.go")
	if err != nil {
		t.Fatal(err)
	}
	lay("build/teeth_of_scripts_test.go", string(more))
	list, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), list, 0o644); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("go", "test", "-vet=off", "-overlay", filepath.Join(dir, "overlay.json"), "-v", "-run", "^TestTeethOf", ".")
	c.Env = append(os.Environ(), "GLOSS_OMISSIONS="+strings.Join(names, " "))
	out, err := c.CombinedOutput()
	t.Logf("%s", out)
	if err != nil || !strings.Contains(string(out), "ok") {
		t.Error(err)
	}
}
