package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// house lists the packages from left to right: each may import those to its right and what it is allowed from
// elsewhere (architecture.md section 2; contract section 11). x/text may be used everywhere.
var house = []struct {
	name    string
	outside []string
}{
	{"generator", []string{"github.com/spf13/cobra", "github.com/fatih/color", "github.com/mattn/go-isatty"}},
	{"serve", []string{"github.com/fsnotify/fsnotify"}},
	{"git", nil},
	{"diff", []string{"github.com/sergi/go-diff"}},
	{"build", nil},
	{"render", []string{"github.com/tdewolff/minify", "github.com/tdewolff/parse", "github.com/go-text/typesetting", "golang.org/x/image"}},
	{"site", nil},
	{"content", []string{"github.com/yuin/goldmark", "github.com/pelletier/go-toml", "go.yaml.in/yaml", "github.com/alecthomas/chroma", "golang.org/x/net/html"}},
	{"diag", nil},
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-json", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		name := p.ImportPath[strings.LastIndexByte(p.ImportPath, '/')+1:]
		at := -1
		for i := range house {
			if house[i].name == name {
				at = i
			}
		}
		if at < 0 {
			t.Errorf("the package %s is not on the list", p.ImportPath)
			continue
		}
		seen++
		for _, imp := range p.Imports {
			switch {
			case imp == "gloss":
				if name != "generator" {
					t.Errorf("%s imports the theme, which only the command does", name)
				}
			case strings.HasPrefix(imp, "gloss/"):
				to := slices.IndexFunc(house, func(h struct {
					name    string
					outside []string
				}) bool {
					return h.name == imp[strings.LastIndexByte(imp, '/')+1:]
				})
				if to <= at {
					t.Errorf("%s imports %s, which is not to its right", name, imp)
				}
			case strings.Contains(strings.SplitN(imp, "/", 2)[0], "."):
				if !strings.HasPrefix(imp, "golang.org/x/text") && !slices.ContainsFunc(house[at].outside, func(o string) bool { return strings.HasPrefix(imp, o) }) {
					t.Errorf("%s imports %s, which it may not", name, imp)
				}
			}
		}
	}
	if seen != len(house) {
		t.Errorf("found %d of %d packages", seen, len(house))
	}
}

// sources parses the files of a package without its tests.
func sources(t *testing.T, dir string) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no Go files in %s: %v", dir, err)
	}
	out := map[string]*ast.File{}
	for _, n := range names {
		if strings.HasSuffix(n, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), n, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		out[n] = f
	}
	return out
}

// TestPureStages keeps the clock, the disk, the network and chance out of the stages.
func TestPureStages(t *testing.T) {
	banned := []string{"os", "os/exec", "io/ioutil", "net", "net/http", "math/rand", "math/rand/v2", "syscall", "path/filepath", "crypto/rand"}
	for _, dir := range []string{"diag", "content", "site", "render", "diff"} {
		for name, f := range sources(t, dir) {
			for _, imp := range f.Imports {
				if p := strings.Trim(imp.Path.Value, `"`); slices.Contains(banned, p) {
					t.Errorf("%s imports %s", name, p)
				}
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && (s.Sel.Name == "Now" || s.Sel.Name == "Since" || s.Sel.Name == "Sleep") {
						t.Errorf("%s calls time.%s", name, s.Sel.Name)
					}
				}
				return true
			})
		}
	}
	// In build, only reading and writing may touch the disk.
	for name, f := range sources(t, "build") {
		if base := filepath.Base(name); base == "read.go" || base == "write.go" {
			continue
		}
		for _, imp := range f.Imports {
			if p := strings.Trim(imp.Path.Value, `"`); slices.Contains(banned, p) {
				t.Errorf("%s imports %s", name, p)
			}
		}
	}
}

// TestMemoFuncs requires that every remembered step is a function of another package, named in full: such a function
// closes over nothing, so its key, which is its only argument, holds all it depends on.
func TestMemoFuncs(t *testing.T) {
	calls := 0
	for name, f := range sources(t, "build") {
		ast.Inspect(f, func(n ast.Node) bool {
			c, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			id, ok := c.Fun.(*ast.Ident)
			if !ok || id.Name != "Do" {
				return true
			}
			calls++
			fn, ok := c.Args[len(c.Args)-1].(*ast.SelectorExpr)
			if ok {
				_, ok = fn.X.(*ast.Ident)
			}
			if !ok {
				t.Errorf("%s: a remembered step is no function of a package", name)
			}
			return true
		})
	}
	if calls < 5 {
		t.Errorf("found %d remembered steps; the test looks in the wrong place", calls)
	}
}

// TestNoState forbids package-level variables that the pure stages could change: a map or slice may only be a table
// that is written where it is declared.
func TestNoState(t *testing.T) {
	for _, dir := range []string{"diag", "content", "site", "render", "build", "diff", "git"} {
		vars := map[string]bool{}
		files := sources(t, dir)
		for _, f := range files {
			for _, d := range f.Decls {
				if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
					for _, s := range g.Specs {
						for _, n := range s.(*ast.ValueSpec).Names {
							vars[n.Name] = true
						}
					}
				}
			}
		}
		for name, f := range files {
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok {
					continue
				}
				local := map[string]bool{}
				ast.Inspect(fn, func(n ast.Node) bool {
					switch n := n.(type) {
					case *ast.Field:
						for _, id := range n.Names {
							local[id.Name] = true
						}
					case *ast.ValueSpec:
						for _, id := range n.Names {
							local[id.Name] = true
						}
					case *ast.RangeStmt:
						for _, e := range []ast.Expr{n.Key, n.Value} {
							if id, ok := e.(*ast.Ident); ok {
								local[id.Name] = true
							}
						}
					case *ast.AssignStmt:
						for _, l := range n.Lhs {
							root := l
							for {
								switch e := root.(type) {
								case *ast.IndexExpr:
									root = e.X
									continue
								case *ast.SelectorExpr:
									root = e.X
									continue
								case *ast.StarExpr:
									root = e.X
									continue
								}
								break
							}
							id, ok := root.(*ast.Ident)
							if ok && n.Tok == token.DEFINE {
								local[id.Name] = true
							} else if ok && vars[id.Name] && !local[id.Name] {
								t.Errorf("%s: %s changes the package's %s", name, fn.Name.Name, id.Name)
							}
						}
					}
					return true
				})
			}
		}
	}
}

// TestRoot keeps the top of the repository to what contract section 11 allows.
func TestRoot(t *testing.T) {
	allowed := []string{".ci", ".git", ".github", ".gitignore", "LICENSE", "README.md", "content", "docs", "generator", "go.mod", "go.sum", "layouts", "public", "site.toml", "static", "test", "theme.go"}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s stands at the top of the repository without a reason", e.Name())
		}
	}
}
