package content

import "testing"

func TestMeantName(t *testing.T) {
	for name, want := range map[string]string{
		"content/data/fact.toml":              "content/data/facts.toml",
		"content/data/Facts.toml":             "content/data/facts.toml",
		"content/data/facts.tml":              "content/data/facts.toml",
		"content/data/facts.yaml":             "content/data/facts.toml",
		"content/data/facts.toml.txt":         "content/data/facts.toml",
		"content/data/facts (1).toml":         "content/data/facts.toml",
		"content/data/facts - Copy.toml":      "content/data/facts.toml",
		"content/data/facts copy.toml":        "content/data/facts.toml",
		"content/data/facts.toml.bak":         "content/data/facts.toml",
		"content/data/facts":                  "content/data/facts.toml",
		"content/data/claim.toml":             "content/data/claims.toml",
		"content/data/claims.json":            "content/data/claims.toml",
		"content/data/source.json":            "content/data/sources.json",
		"content/data/sorces.json":            "content/data/sources.json",
		"content/data/sources.jsn":            "content/data/sources.json",
		"content/data/sources.ris":            "content/data/sources.json",
		"content/data/source.yml":             "content/data/sources.yaml",
		"content/data/sources.bibtex":         "",
		"content/data/event.csv":              "content/data/events.csv",
		"content/data/events.xlsx":            "content/data/events.csv",
		"content/data/events (2).csv":         "content/data/events.csv",
		"content/facts.toml":                  "content/data/facts.toml",
		"content/data/facts.toml":             "",
		"content/data/sources.yml":            "",
		"content/data/events.csv":             "",
		"content/data/troops.csv":             "",
		"content/data/facts.csv":              "",
		"content/data/facts.md":               "",
		"content/data/notes.txt":              "",
		"content/data/old/facts.toml":         "",
		"content/sections/facts.toml":         "",
		"content/data/resources.json":         "",
		"content/data/sources-and-limits.txt": "",
		"content/events.md":                   "",
		"content/changes.pdf":                 "",
	} {
		if got := MeantName(name); got != want {
			t.Errorf("MeantName(%q) = %q, want %q", name, got, want)
		}
	}
}
