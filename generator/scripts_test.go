package main

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "rewrite the wanted files of the scripts")

// TestScripts runs the stories of the command line: testdata/script/*.txtar.
func TestScripts(t *testing.T) { testscript.Run(t, scripts("testdata/script")) }

// scripts are the stories of a folder and the commands that they are told in.
func scripts(dir string) testscript.Params {
	return testscript.Params{
		Dir:                 dir,
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			tiny, err := filepath.Abs("testdata/tiny.txtar")
			e.Setenv("TINY", tiny)
			e.Setenv("NO_COLOR", "1")
			e.Setenv("GIT_CONFIG_NOSYSTEM", "1") // nor has HOME a configuration
			e.Values["marks"] = marks{}
			e.Values["server"] = new(*server)
			return err
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"tiny":      cmdTiny,
			"status":    cmdStatus,
			"edit":      cmdEdit,
			"tree":      cmdTree,
			"crlf":      cmdCRLF,
			"mode":      cmdMode,
			"mark":      cmdMark,
			"rewritten": cmdRewritten,
			"serve":     cmdServe,
			"get":       cmdGet,
			"hears":     cmdHears,
			"interrupt": cmdInterrupt,
			"reads":     cmdReads,
			"gitsite":   cmdGitSite,
			"kept":      cmdKept,
		},
	}
}

// tiny [dir]: unpack the tiny site, which has one of each: overview, section, term, fact, source.
func cmdTiny(ts *testscript.TestScript, neg bool, args []string) {
	dir := ts.MkAbs(".")
	if len(args) > 0 {
		dir = ts.MkAbs(args[0])
	}
	a, err := txtar.ParseFile(ts.Getenv("TINY"))
	ts.Check(err)
	for _, f := range a.Files {
		at := filepath.Join(dir, filepath.FromSlash(f.Name))
		ts.Check(os.MkdirAll(filepath.Dir(at), 0o755))
		ts.Check(os.WriteFile(at, f.Data, 0o644))
	}
}

// status N command…: run a command that must end with exactly this exit status.
func cmdStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	for _, line := range strings.Split(ts.ReadFile("stderr"), "\n") {
		if strings.HasPrefix(line, "panic:") || strings.HasPrefix(line, "fatal error:") {
			ts.Fatalf("%s panicked: %s", args[1], line)
		}
	}
	if got != want {
		ts.Fatalf("%s: got exit status %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// edit FILE OLD NEW: replace a text that stands in the file exactly once; \n in NEW is a line end.
func cmdEdit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: edit FILE OLD NEW")
	}
	text := ts.ReadFile(args[0])
	args[2] = strings.ReplaceAll(args[2], `\n`, "\n")
	if n := strings.Count(text, args[1]); n != 1 {
		ts.Fatalf("%q stands %d times in %s, want once", args[1], n, args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, args[1], args[2], 1)), 0o644))
}

// tree DIR: print every file and every empty folder below a folder.
func cmdTree(ts *testscript.TestScript, neg bool, args []string) {
	root := ts.MkAbs(args[0])
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || p == root {
			return err
		}
		name, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		if !d.IsDir() {
			fmt.Fprintln(ts.Stdout(), filepath.ToSlash(name))
			return nil
		}
		inside, err := os.ReadDir(p)
		if len(inside) == 0 {
			fmt.Fprintln(ts.Stdout(), filepath.ToSlash(name)+"/")
		}
		return err
	})
	ts.Check(err)
}

// crlf FILE…: give the files CR LF line ends; ! crlf FILE…: they must have no other ones already.
func cmdCRLF(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		text := ts.ReadFile(name)
		if neg {
			if lf, crlf := strings.Count(text, "\n"), strings.Count(text, "\r\n"); lf == 0 || lf != crlf {
				ts.Fatalf("%s: %d of %d lines end with CR LF", name, crlf, lf)
			}
			continue
		}
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(strings.ReplaceAll(text, "\n", "\r\n")), 0o644))
	}
}

// mode FILE PERM: the file must have this mode.
func cmdMode(ts *testscript.TestScript, neg bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := fmt.Sprintf("%04o", info.Mode().Perm()); got != args[1] && runtime.GOOS != "windows" {
		ts.Fatalf("%s has mode %s, want %s", args[0], got, args[1])
	}
}

// reads FILE ID: print the words of the element with this id on one line, and its dates as programs read them.
func cmdReads(ts *testscript.TestScript, neg bool, args []string) {
	root, err := html.Parse(strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	for n := range root.Descendants() {
		if id, ok := attr(n, "id"); ok && id == args[1] {
			fmt.Fprintln(ts.Stdout(), strings.Join(strings.Fields(text(n)), " "), strings.Join(attrs(n, "datetime"), " "))
			return
		}
	}
	ts.Fatalf("%s has no id %q", args[0], args[1])
}

type marks map[string]os.FileInfo

// mark FILE…: remember the files as they are on the disk.
func cmdMark(ts *testscript.TestScript, neg bool, args []string) {
	m, _ := ts.Value("marks").(marks)
	if m == nil {
		ts.Fatalf("no marks")
	}
	for _, name := range args {
		info, err := os.Stat(ts.MkAbs(name))
		ts.Check(err)
		m[name] = info
	}
}

// rewritten FILE…: the files must have been written since mark; ! rewritten FILE…: they must not.
func cmdRewritten(ts *testscript.TestScript, neg bool, args []string) {
	m, _ := ts.Value("marks").(marks)
	for _, name := range args {
		old := m[name]
		if old == nil {
			ts.Fatalf("%s was not marked", name)
		}
		info, err := os.Stat(ts.MkAbs(name))
		ts.Check(err)
		// Every write goes through a new file and a rename, so no clock is needed.
		if same := os.SameFile(old, info) && old.ModTime().Equal(info.ModTime()); same != neg {
			ts.Fatalf("%s: rewritten: got %v, want %v", name, !same, !neg)
		}
	}
}

type server struct {
	cmd    *exec.Cmd
	errs   bytes.Buffer
	url    string
	output *bufio.Reader
	events *bufio.Scanner
}

// serve ARGS…: start `gloss serve`, wait for its line, and keep it for get and interrupt. $URL is where it serves.
func cmdServe(ts *testscript.TestScript, neg bool, args []string) {
	path, err := exec.LookPath(filepath.Join(strings.Split(ts.Getenv("PATH"), string(os.PathListSeparator))[0], "gloss"))
	ts.Check(err)
	s := &server{cmd: exec.Command(path, append([]string{"serve"}, args...)...)}
	s.cmd.Dir = ts.MkAbs(".")
	s.cmd.Env = append(os.Environ(), "NO_COLOR=1")
	s.cmd.Stderr = &s.errs
	out, err := s.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(s.cmd.Start())
	ts.Defer(func() { _ = s.cmd.Process.Kill() })
	s.output = bufio.NewReader(out)
	line, err := s.output.ReadString('\n')
	if err != nil {
		_ = s.cmd.Wait()
		ts.Fatalf("serve ended before it served:\n%s", s.errs.String())
	}
	url, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "serving ")
	if !ok {
		ts.Fatalf("serve printed %q, want a line `serving URL`", line)
	}
	s.url = url
	ts.Setenv("URL", url)
	i := strings.Index(url, "://")
	ts.Setenv("ORIGIN", url[:i+3+strings.IndexByte(url[i+3:], '/')])
	*ts.Value("server").(**server) = s
	r, err := http.Get(ts.Getenv("ORIGIN") + "/_gloss/events")
	ts.Check(err)
	ts.Defer(func() { r.Body.Close() })
	s.events = bufio.NewScanner(r.Body)
	cmdHears(ts, false, []string{"hello"})
}

// hears REGEXP: wait until the server tells open pages something like this.
func cmdHears(ts *testscript.TestScript, neg bool, args []string) {
	want := regexp.MustCompile(args[0])
	s := *ts.Value("server").(**server)
	var heard []string
	// An event that does not come would be waited for without end; the server's own end ends its events.
	patience := time.AfterFunc(30*time.Second, func() { _ = s.cmd.Process.Kill() })
	defer patience.Stop()
	for s.events.Scan() {
		if want.MatchString(s.events.Text()) {
			return
		}
		heard = append(heard, s.events.Text())
	}
	ts.Fatalf("the events ended before one like %s came: %q\n%s", args[0], heard, s.errs.String())
}

// get [--host NAME] URL [STATUS [LOCATION]]: fetch an address without following redirects and print the body.
func cmdGet(ts *testscript.TestScript, neg bool, args []string) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	host := ""
	if args[0] == "--host" {
		host, args = args[1], args[2:]
	}
	ask, err := http.NewRequest(http.MethodGet, args[0], nil)
	ts.Check(err)
	ask.Host = host
	r, err := client.Do(ask)
	ts.Check(err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	ts.Check(err)
	want := "200"
	if len(args) > 1 {
		want = args[1]
	}
	if got := strconv.Itoa(r.StatusCode); got != want {
		ts.Fatalf("GET %s: got status %s, want %s", args[0], got, want)
	}
	if len(args) > 2 && r.Header.Get("Location") != args[2] {
		ts.Fatalf("GET %s: got location %q, want %q", args[0], r.Header.Get("Location"), args[2])
	}
	if cc := r.Header.Get("Cache-Control"); !strings.Contains(cc, "no-store") && r.StatusCode != http.StatusMovedPermanently && r.StatusCode != http.StatusFound {
		ts.Fatalf("GET %s: got Cache-Control %q, want no-store (T-51)", args[0], cc)
	}
	_, err = ts.Stdout().Write(body)
	ts.Check(err)
}

// interrupt: send the server an interrupt; it must end with status 0 and have printed nothing more.
func cmdInterrupt(ts *testscript.TestScript, neg bool, args []string) {
	s := *ts.Value("server").(**server)
	if s == nil {
		ts.Fatalf("nothing is being served")
	}
	ts.Check(s.cmd.Process.Signal(os.Interrupt))
	rest, err := io.ReadAll(s.output)
	ts.Check(err)
	if err := s.cmd.Wait(); err != nil {
		ts.Fatalf("after an interrupt: %v\n%s", err, s.errs.String())
	}
	if len(rest) > 0 {
		ts.Fatalf("serve printed more than its line: %q", rest)
	}
	_, err = ts.Stderr().Write(s.errs.Bytes())
	ts.Check(err)
}
