package build

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gloss"
	"gloss/generator/diag"
	"gloss/generator/site"
)

// targets are names that a writer may refer to: one of each kind of thing that a site has, and some that it has not.
var targets = []string{
	"home", "what-now", "caisson", "board", "landing", "plain-note", // pages of each type
	"timeline", "people", "terms", "facts", "sources", "disputed", "changes", "search", "summary", "all", "404", // lists that the site makes
	"seats", "old-seats", "opening", "repair-date", "post-2024", // records: fact, withdrawn fact, event of a row, claim, source
	"ann",                                                                                    // an author
	"pic.png", "film.mp4", "song.mp3", "paper.pdf", "map.heic", "plan.docx", "sketch.canvas", // files
	"missing", "missing.png", "hidden-draft", "double", "folder", "card/seats",
	"#here", "", "?", "A name: with a colon", "../outside", "/caisson", "caisson.md", "terms/caisson", "http://example.net/",
}

// forms are the ways to refer to one: NAME stands for it.
var forms = []string{
	"See [[NAME]].", "See [[NAME|words]].", "See [[NAME|180 seats]].", "See [[NAME|3 April 2019]].", "See [[?NAME]].", "See [[NAME#Heading]].", "See [[NAME#^block]].", "See [[NAME#missing|w]].",
	"![[NAME]]", "![[NAME|300]]", "![[NAME#Heading]]", "![[NAME#^block]]", "Text ![[NAME]] inside.", "Text ![[NAME#^block]] inside.",
	"- ![[NAME]]", "- item\n\n  ![[NAME]]", "> ![[NAME]]", "> [!note] Box\n> ![[NAME]]", "| a | b |\n|---|---|\n| ![[NAME]] | [[NAME\\|x]] |", "Text.[^n]\n\n[^n]: ![[NAME]] and [[NAME]].", "Text.^[![[NAME]]]",
	"# Title ![[NAME]]", "## [[NAME]]", "**[[NAME]]** ~~![[NAME]]~~ ==[[NAME]]==",
	"See [words](NAME).", "See [180 seats](<NAME>).", "See [](<NAME>).", "See [words](<NAME#Heading>).", "See [words](<NAME#^block>).", "See [words][ref].\n\n[ref]: <NAME>", "![alt](<NAME>)", "![alt](<NAME#page=2>)", "![alt][img]\n\n[img]: <NAME>",
	"[180 seats](fact:NAME)", "[](fact:NAME)", "[180](fact:NAME@2020)", "[](fact:NAME@2020)", "[3 April 2019](event:NAME)", "[](event:NAME)", "[words](claim:NAME)", "[](claim:NAME)",
	"Text [@NAME].", "Text [see @NAME, p. 3; @post-2024].", "@NAME says.", "<NAME>", "[[a|![[NAME]]]]", "[![alt](<NAME>)](<NAME>)", "[words [[NAME]] more](caisson.md)",
	"```chart\ntype = \"bar\"\ntitle = \"T\"\nfacts = [\"NAME\"]\n```", "```chart\ntype = \"line\"\ntitle = \"[](fact:NAME)\"\ndata = \"NAME\"\nx = \"a\"\ny = \"b\"\n```",
	"```chart\ntype = \"line\"\ntitle = \"T\"\nfacts = [\"seats\"]\nevents = [\"NAME\"]\nsource = [\"NAME\"]\n```", "```timeline\nids = [\"NAME\"]\n```", "```timeline\nabout = \"NAME\"\n```",
}

// fields are the front matter in which a name may stand.
var fields = []string{"about: [NAME]", "about: \"[[NAME]]\"", "tiles: [NAME]", "sources: [NAME]", "who: [NAME]", "authors: [NAME]", "image: \"NAME\"\nimage_alt: a", "nocite: [NAME]", "aliases: [NAME]", "redirect_from: [NAME]",
	"answer: \"[[NAME]] and ![[NAME]] and [](fact:NAME)\"", "summary: \"[x](NAME) [@NAME]\"", "tags: [NAME]", "layout: \"NAME\"", "slug: \"NAME\""}

// places are records in which a name may stand, each a whole file.
var places = map[string]string{
	"content/data/changes.toml": "[[change]]\ndate = \"2024-01-01\"\nkind = \"update\"\npage = \"NAME\"\ntext = \"[[NAME]] ![[NAME]] [](fact:NAME) [@NAME] ^[![[NAME]]]\"\n",
	"content/data/claims.toml":  "[repair-date]\nclaim = \"[[NAME]] [](event:NAME)\"\nstatus = \"disputed\"\nas_of = \"2024\"\nsettle = \"![[NAME]]\"\n[[repair-date.position]]\nsays = \"[x](NAME)\"\nwho = \"NAME\"\ndate = \"2024\"\ncite = [\"NAME\"]\n[[repair-date.position]]\nsays = \"no\"\nwho_text = \"they\"\ndate = \"2024\"\ncite = [\"post-2024\"]\n",
	"content/data/events.csv":   "id,date,title,who,source,tags\nopening,2019-04-02,\"The [[NAME]] opens ![[NAME]]\",NAME,NAME,NAME\n",
	"content/data/facts.toml":   "[seats]\nlabel = \"Seats [[NAME]]\"\nvalue = 180\nunit = \"seats\"\nas_of = \"2024\"\nsource = \"NAME\"\nhistory = [{ value = 1, as_of = \"2020\", source = \"NAME\" }]\n",
	"content/data/sources.json": `[{"id":"post-2024","type":"webpage","title":"NAME [[NAME]]","custom":{"seen":false,"via":["NAME"]}}]`,
}

// town is a site with one of everything that a name can lead to.
func town() map[string]string {
	pix := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
	return map[string]string{
		"site.toml":                  "title = \"Town\"\nbase_url = \"https://example.org/x/\"\n[authors.ann]\nname = \"Ann\"\n",
		"content/index.md":           "---\ntitle: Home\naliases: [home]\n---\n\nText.\n\n## Heading\n\nNamed. ^block\n",
		"content/sections/10-now.md": "---\ntitle: What now?\nslug: what-now\nanswer: Nothing.\npublished: \"2024\"\nauthors: [ann]\n---\n\n## Heading\n\nNamed. ^block\n\n![[caisson]]\n",
		"content/terms/caisson.md":   "---\ntitle: Caisson\nsummary: A box.\n---\n\n## Heading\n\nNamed. ^block\n",
		"content/who/board.md":       "---\ntitle: Board\nkind: organisation\nsummary: A board.\n---\n\n## Heading\n\nNamed. ^block\n",
		"content/events/landing.md":  "---\ntitle: Landing\ndate: \"2020-02-02\"\nsummary: They landed.\nsources: [post-2024]\n---\n\n## Heading\n\nNamed. ^block\n",
		"content/plain-note.md":      "# Plain note\n\n## Heading\n\nNamed. ^block\n",
		"content/timeline.md":        "# When\n\n## Heading\n\nNamed. ^block\n",
		"content/hidden-draft.md":    "---\ntitle: Hidden draft\ndraft: true\n---\n\nText.\n",
		"content/a/double.md":        "# Double\n",
		"content/b/double.md":        "# Double\n",
		"content/folder/index.md":    "# Folder\n",
		"content/pic.png":            pix,
		"content/film.mp4":           "x",
		"content/song.mp3":           "x",
		"content/paper.pdf":          "%PDF-1.4",
		"content/map.heic":           "x",
		"content/plan.docx":          "x",
		"content/sketch.canvas":      "{}",
		"content/data/facts.toml":    "[seats]\nlabel = \"Seats\"\nvalue = 180\nunit = \"seats\"\ndisplay = [\"{value} seats\"]\nas_of = \"2024\"\nsource = \"post-2024\"\n[old-seats]\nlabel = \"Seats\"\nvalue = 90\nunit = \"seats\"\nas_of = \"2020\"\nsource = \"post-2024\"\nstatus = \"withdrawn\"\nreason = \"wrong\"\n",
		"content/data/claims.toml":   "[repair-date]\nclaim = \"It ends.\"\nstatus = \"unresolved\"\nas_of = \"2024\"\n",
		"content/data/events.csv":    "id,date,title,who,source\nopening,2019-04-03,It opens,board,post-2024\n",
		"content/data/sources.json":  `[{"id":"post-2024","type":"webpage","title":"Post"}]`,
		"content/data/changes.toml":  "[[change]]\ndate = \"2024-01-01\"\nkind = \"update\"\npage = \"plain-note.md\"\ntext = \"It is.\"\n",
	}
}

// TestEveryTargetInEveryForm refers to every kind of thing in every form that a page has, one page for each pair: each is
// shown, or is found once, or is something else that the writer wrote.
func TestEveryTargetInEveryForm(t *testing.T) {
	if testing.Short() {
		t.Skip("builds one site after the other, in which the race detector, for which short runs are, has nothing to find")
	}
	files := town()
	at := map[string]string{} // the pair, by file
	for i, name := range targets {
		for j, form := range forms {
			file := fmt.Sprintf("content/pairs/t%d-f%d.md", i, j)
			files[file] = "Start.\n\n" + strings.ReplaceAll(form, "NAME", name) + "\n\n## Here\n\nEnd.\n"
			at[file] = fmt.Sprintf("%q in %q", name, form)
		}
	}
	tr := themed(t, files, gloss.Theme)
	cold := Build(tr, Env{}, nil)
	if bad := soundFindings(tr, cold); bad != "" {
		t.Error(bad)
	}
	for _, p := range cold.Site.Pages {
		pair, ok := at[p.File]
		if !ok {
			continue
		}
		var own []diag.Finding
		for _, f := range append(cold.Findings, cold.Hidden...) {
			// A missing picture lacks its description, too, and a withdrawn fact is named however it is used.
			if f.Span.File == p.File && !slices.Contains([]string{"orphan-page", "raw-html", "missing-alt", "fact-withdrawn"}, f.Code) {
				own = append(own, f)
			}
		}
		html := string(cold.Files[site.OutputPath(p.URL)])
		if strings.Contains(html, `class="broken"`) && len(own) == 0 {
			t.Errorf("%s: shown as broken, and nothing was found", pair)
		}
		// One slip is one finding, but where the name stands twice.
		if slips := strings.Count(forms[formOf(p.File)], "NAME"); len(own) > max(1, slips) {
			for _, f := range own {
				t.Errorf("%s: %s %s", pair, f.Code, f.Message)
			}
		}
	}
}

func formOf(file string) int {
	var i, j int
	fmt.Sscanf(file, "content/pairs/t%d-f%d.md", &i, &j)
	return j
}

// TestEveryTargetInRecords does the same for front matter and the files of records, and goes from each site to the next
// with one memo, so that every edit is compared with a build from nothing.
func TestEveryTargetInRecords(t *testing.T) {
	if testing.Short() {
		t.Skip("builds one site after the other, in which the race detector, for which short runs are, has nothing to find")
	}
	memo := &Memo{Verify: true}
	for k, name := range targets {
		files := town()
		for i, field := range fields { // each on another type of page with each name
			dir := []string{"sections", "terms", "who", "events", "plain"}[(i+k)%5]
			quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name)
			files[fmt.Sprintf("content/%s/p%d.md", dir, i)] = "---\ntitle: P" + fmt.Sprint(dir, i) + "?\n" + strings.ReplaceAll(field, "NAME", quoted) + "\n---\n\nText.\n"
		}
		holds := func() {
			tr := themed(t, files, glass)
			if bad := soundFindings(tr, Build(tr, Env{}, memo)); bad != "" {
				t.Errorf("%q: %s", name, bad)
			}
		}
		holds()
		for file, text := range places {
			was := files[file]
			files[file] = strings.ReplaceAll(text, "NAME", name)
			holds()
			files[file] = was
		}
	}
}
