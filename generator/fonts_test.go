package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// A fontSet is all the fonts that a browser of the tests has, so that what it measures does not depend on the machine.
type fontSet struct {
	name         string
	packs        map[string]string // npm packages, each with a comma-separated list of what the names of its files start with
	serif, sans  string            // the families that stand for the generic ones
	mono         string
	once         sync.Once
	conf, failed string // the fontconfig file, or why there is none
}

// The sets differ as machines do: DejaVu is wide, tall and named nowhere in the theme, as on a bare Linux; Noto is
// narrower, and its families are named in the theme's stylesheet, as on Android and many desktops.
var (
	dejavu = &fontSet{name: "dejavu", serif: "DejaVu Serif", sans: "DejaVu Sans", mono: "DejaVu Sans Mono",
		packs: map[string]string{"dejavu-fonts-ttf@2.37.3": "ttf/DejaVuSans.,ttf/DejaVuSans-,ttf/DejaVuSerif.,ttf/DejaVuSerif-,ttf/DejaVuSansMono"}}
	noto = &fontSet{name: "noto", serif: "Noto Serif", sans: "Noto Sans", mono: "Noto Sans Mono",
		packs: map[string]string{
			"@expo-google-fonts/noto-sans@0.4.2":         "400Regular,600SemiBold/,700Bold",
			"@expo-google-fonts/noto-serif@0.4.2":        "400Regular,600SemiBold/,700Bold",
			"@expo-google-fonts/noto-naskh-arabic@0.4.5": "400Regular,700Bold",
			"@expo-google-fonts/noto-sans-mono@0.4.2":    "400Regular,700Bold",
		}}
	fontSets = []*fontSet{dejavu, noto}
)

// environment is what makes a browser use the set and nothing else: a fontconfig file (fonts.conf(5)). The fonts are
// kept in the user's cache folder. On macOS browsers do not ask fontconfig, and have the fonts of the machine.
func (s *fontSet) environment(t *testing.T) string {
	t.Helper()
	s.once.Do(func() { s.install(t) })
	if s.failed != "" {
		t.Fatal(s.failed)
	}
	return "FONTCONFIG_FILE=" + s.conf
}

func (s *fontSet) install(t *testing.T) {
	s.failed = "the fonts " + s.name + " could not be installed" // what is left when need ends the test
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(cache, "gloss-test-fonts", s.name)
	for pack, wanted := range s.packs {
		dir := filepath.Join(root, strings.NewReplacer("/", "_", "@", "").Replace(pack))
		if _, err := os.Stat(dir); err == nil {
			continue
		}
		if err := os.MkdirAll(root, 0o755); err != nil {
			t.Fatal(err)
		}
		part, err := os.MkdirTemp(root, "part")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		npmPack(t, pack, func(name string, text []byte) bool {
			for _, w := range strings.Split(wanted, ",") {
				if strings.HasPrefix(name, w) && strings.HasSuffix(name, ".ttf") {
					n++
					if err := os.WriteFile(filepath.Join(part, filepath.Base(name)), text, 0o644); err != nil {
						t.Fatal(err)
					}
					break
				}
			}
			return true
		})
		if n == 0 {
			t.Fatalf("%s has no font that starts with %s", pack, wanted)
		}
		if err := os.Rename(part, dir); err != nil {
			if _, e := os.Stat(dir); e != nil { // another run of the tests may have been first
				t.Fatal(err)
			}
		}
	}
	var conf strings.Builder
	fmt.Fprintf(&conf, "<?xml version=\"1.0\"?>\n<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">\n<fontconfig>\n<dir>%s</dir>\n<cachedir>%s</cachedir>\n", root, filepath.Join(root, "cache"))
	for generic, family := range map[string]string{"serif": s.serif, "sans-serif": s.sans, "system-ui": s.sans, "monospace": s.mono} {
		fmt.Fprintf(&conf, "<alias><family>%s</family><prefer><family>%s</family></prefer></alias>\n", generic, family)
	}
	conf.WriteString("</fontconfig>\n")
	s.conf = filepath.Join(root, "fonts.conf")
	if err := os.WriteFile(s.conf, []byte(conf.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	s.failed = ""
}
