package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/site"
)

// actionlint checks the workflows as GitHub would read them. It is run from its own module, at a version of its own,
// since what it needs does not go together with what the program needs.
const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"

func TestWorkflows(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../.github/workflows/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no workflows: %v", err)
	}
	args := append([]string{"run", actionlint, "-no-color", "-shellcheck=", "-pyflakes="}, files...)
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		t.Errorf("actionlint: %v\n%s", err, out)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range strings.Split(string(text), "\n") {
			if strings.Contains(l, "uses:") && !regexp.MustCompile(`uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`).MatchString(l) {
				t.Errorf("%s: a step of others is named by its commit, with the version behind it: %s", name, strings.TrimSpace(l))
			}
		}
	}
}

// workflow is what the tests read of a workflow.
type workflow struct {
	Permissions map[string]string
	Jobs        yaml.Node // a mapping, in the order of the file
}

type job struct {
	If, Needs   string
	Permissions map[string]string
	Steps       []struct {
		Name, Uses, Run string
		With, Env       map[string]string
	}
}

// TestWorkflowByHand does what the workflow does, by hand and in order, in a clean clone: all its own steps work, and
// what they leave to be uploaded is the site, built for the address that Pages gives. Steps of others are left out.
func TestWorkflowByHand(t *testing.T) {
	if testing.Short() {
		t.Skip("a clone and its builds are left out of short runs")
	}
	t.Parallel()
	if _, err := os.Stat("../.git"); err != nil {
		need(t, "this is no clone: %v", err)
	}
	dir := filepath.Join(t.TempDir(), "clone")
	if out, err := exec.Command("git", "clone", "--quiet", "--no-hardlinks", "..", dir).CombinedOutput(); err != nil {
		t.Fatalf("git clone: %v\n%s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, ".github/workflows/pages.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var w workflow
	if err := yaml.Unmarshal(text, &w); err != nil {
		t.Fatal(err)
	}
	if w.Permissions == nil || len(w.Permissions) > 0 {
		t.Errorf("every job has the permissions %v", w.Permissions)
	}
	live := httptest.NewServer(http.NotFoundHandler()) // nothing is published yet
	defer live.Close()
	base := live.URL + "/repo/"
	given := map[string]string{"${{ steps.pages.outputs.base_url }}": strings.TrimSuffix(base, "/")}
	may := map[string]string{"check": "contents: read", "build": "contents: read, pages: read", "deploy": "id-token: write, pages: write"}
	uploaded, checked := "", 0
	for i := 0; i+1 < len(w.Jobs.Content); i += 2 {
		name := w.Jobs.Content[i].Value
		var j job
		if err := w.Jobs.Content[i+1].Decode(&j); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var has []string
		for _, scope := range []string{"contents", "id-token", "pages"} {
			if j.Permissions[scope] != "" {
				has = append(has, scope+": "+j.Permissions[scope])
			}
		}
		if got := strings.Join(has, ", "); got != may[name] || len(has) != len(j.Permissions) {
			t.Errorf("%s may %v, want %s", name, j.Permissions, may[name])
		}
		for _, s := range j.Steps {
			if strings.HasPrefix(s.Uses, "actions/upload-pages-artifact@") {
				uploaded = s.With["path"]
			}
			if s.Run == "" {
				continue
			}
			if strings.Contains(s.Run, "${{") {
				t.Errorf("%s, %s: what GitHub puts into a script is run as part of it; hand it over in env", name, s.Name)
			}
			cmd := exec.Command("bash", "-e", "-o", "pipefail", "-c", s.Run)
			cmd.Dir, cmd.Env = dir, os.Environ()
			for key, value := range s.Env {
				for from, to := range given {
					value = strings.ReplaceAll(value, from, to)
				}
				if strings.Contains(value, "${{") {
					t.Fatalf("%s, %s: the test does not know %s", name, s.Name, value)
				}
				cmd.Env = append(cmd.Env, key+"="+value)
			}
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("%s, %s: %v\n%s", name, s.Name, err, out)
			}
			if bytes.Contains(out, []byte("::error")) || bytes.Contains(out, []byte("::warning")) {
				t.Errorf("%s, %s finds something:\n%s", name, s.Name, out)
			}
			checked++
		}
	}
	if checked < 3 || uploaded == "" {
		t.Fatalf("%d steps, and %q is uploaded", checked, uploaded)
	}
	if out, err := exec.Command("git", "-C", dir, "status", "--porcelain").CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("the steps leave files behind that belong to the repository: %v\n%s", err, out)
	}
	tr, err := build.Read(dir, gloss.Theme)
	if err != nil {
		t.Fatal(err)
	}
	want := build.Build(tr, build.Env{Env: site.Env{BaseURL: base, Build: true}}, nil)
	if len(want.Files) < 100 || !bytes.Contains(want.Files["404.html"], []byte(`href="/repo/`)) || !bytes.Contains(want.Files["feed.xml"], []byte(base+"feed.xml")) {
		t.Errorf("the site has %d files, or is not built for its address", len(want.Files))
	}
	for name, data := range want.Files {
		got, err := os.ReadFile(filepath.Join(dir, uploaded, filepath.FromSlash(name)))
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s is not uploaded as it should be: %v", name, err)
		}
	}
}
