package content

import (
	"path"
	"regexp"
	"strings"

	"gloss/generator/diag"
)

// dataNames are the files of content/data/ that hold records, by what they are called without an ending.
var dataNames = []string{"facts.toml", "claims.toml", "changes.toml", "dead.toml", "events.csv", "sources.json", "sources.yaml", "sources.bib"}

// copyOf is what file managers, browsers and editors add to the name of a copy.
var copyOf = regexp.MustCompile(`(?i)(?: \(\d+\)| - copy(?: \(\d+\))?| copy(?: \d+)?|~|\.(?:txt|bak|orig|old))$`)

// MeantName returns the file of records that a file most likely should be, by its path in the site's folder: one with a
// misspelt name, another ending, a sign of a copy, or in a folder too high. It returns "" for a file of records, and for
// one that is the writer's own.
func MeantName(name string) string {
	dir, base := path.Split(name)
	if dir != "content/data/" && dir != "content/" {
		return ""
	}
	if kind := DataKind(strings.TrimPrefix(name, "content/")); kind != "" && kind != "table" {
		return ""
	}
	base = strings.ToLower(base)
	for cut := ""; cut != base; {
		cut = base
		base = copyOf.ReplaceAllString(base, "")
		ext := path.Ext(base)
		base = copyOf.ReplaceAllString(strings.TrimSuffix(base, ext), "") + ext
	}
	ext := path.Ext(base)
	stem := strings.TrimSuffix(base, ext)
	for _, right := range dataNames {
		rightStem, rightExt, _ := strings.Cut(right, ".")
		switch {
		case DataKind("data/"+right) == "":
			continue
		case base == right:
			return "content/data/" + right
		}
		// A table of the writer's own may be called as it likes.
		table := ext == ".csv" || ext == ".tsv"
		near := stem == rightStem || stem+"s" == rightStem || len(stem) > 4 && diag.Suggest(stem, []string{rightStem}) == rightStem && abs(len(stem)-len(rightStem)) < 2
		if near && (!table || rightExt == "csv" && stem+"s" == rightStem) && dir == "content/data/" && ext != ".md" {
			return "content/data/" + meantEnding(right, ext)
		}
		if stem == rightStem && dir != "content/data/" && ext == "."+rightExt {
			return "content/data/" + right
		}
	}
	return ""
}

// meantEnding is the file of records that holds the same in the format of an ending, if there is one.
func meantEnding(right, ext string) string {
	switch {
	case !strings.HasPrefix(right, "sources."):
		return right
	case strings.HasPrefix(ext, ".y"):
		return "sources.yaml"
	}
	return "sources.json"
}

func abs(n int) int { return max(n, -n) }
