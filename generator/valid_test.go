package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gloss/generator/build"
)

// TestValidHTML puts every page of the repository's sites, and of the one in Arabic, before the Nu HTML checker. Its
// checker of CSS is years behind, so what it says of that is left out.
func TestValidHTML(t *testing.T) {
	if testing.Short() {
		t.Skip("the checker is left out of short runs")
	}
	t.Parallel()
	java, err := exec.LookPath("java")
	if err != nil {
		t.Skip("there is no Java, so the HTML is not checked; install a Java runtime to have it checked")
	}
	dir := t.TempDir()
	jar := filepath.Join(dir, "vnu.jar")
	npmPack(t, "vnu-jar@26.9.27", func(name string, text []byte) bool {
		if filepath.Base(name) != "vnu.jar" {
			return true
		}
		if err := os.WriteFile(jar, text, 0o644); err != nil {
			t.Fatal(err)
		}
		return false
	})
	pages := 0
	for name, r := range map[string]*build.Result{"first": ownSite(t, ""), "docs": ownSite(t, "docs"), "arabic": arabic(t)} {
		if _, _, err := build.Write(filepath.Join(dir, name), r, false); err != nil {
			t.Fatal(err)
		}
		pages += len(r.Files)
	}
	c := exec.Command(java, "-jar", jar, "--errors-only", "--skip-non-html", "--format", "gnu", "--filterpattern", ".*CSS: .*", "first", "docs", "arabic")
	c.Dir = dir
	said, err := c.CombinedOutput()
	for _, line := range strings.Split(strings.TrimSpace(string(said)), "\n") {
		if line != "" {
			t.Error(strings.ReplaceAll(line, dir, ""))
		}
	}
	if err != nil && len(said) == 0 {
		t.Errorf("the checker ended without a word: %v", err)
	}
	if pages < 100 {
		t.Errorf("only %d files were looked at", pages)
	}
}
