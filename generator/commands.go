package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/fatih/color"
	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/site"
)

// Exit statuses (contract section 9).
const (
	exitOK       = 0
	exitFindings = 1
	exitMachine  = 2
)

// errFindings ends a command that has printed its findings, errInternal one that has printed an internal-error among them.
var (
	errFindings = errors.New("findings")
	errInternal = errors.New("internal error")
)

// ending is how a command ends that has printed some findings.
func ending(found []diag.Finding) error {
	if diag.Failed(found) {
		return errInternal
	}
	if n, _ := diag.Count(found); n > 0 {
		return errFindings
	}
	return nil
}

// faults reports an error that is a fault of the program; others it returns.
func (o *options) faults(err error, t *build.Tree, after string) error {
	var found build.Faults
	if !errors.As(err, &found) {
		return err
	}
	o.report(o.errs, found, 0, t, after)
	return errInternal
}

// options are what the flags of every command say.
type options struct {
	dir     string
	baseURL string
	drafts  bool
	debug   bool
	out     io.Writer // results, of which the findings of check are one
	errs    io.Writer // messages for people
}

// run is the whole command line: it parses args, runs one command and returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	o := &options{out: stdout, errs: stderr}
	which := false
	root := &cobra.Command{
		Use:           "gloss",
		Short:         "Build explainer sites in which links, numbers, dates and sources are checked",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if which {
				_, err := fmt.Fprintln(stdout, version())
				return err
			}
			return c.Help()
		},
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.PersistentFlags().StringVarP(&o.dir, "directory", "C", ".", "the folder of the site, or one inside it")
	root.Flags().BoolVar(&which, "version", false, "print the version and the commit that the program was built from")
	root.PersistentFlags().BoolVar(&o.debug, "debug", false, "after an internal-error, print where in the program it happened, to send it to whoever maintains gloss")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w; see %s --help", err, c.CommandPath())
	})
	for _, cmd := range commands {
		root.AddCommand(cmd(o))
	}
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	var err error
	fault := diag.Catch(func() { err = root.Execute() })
	switch {
	case fault != nil:
		fmt.Fprintf(stderr, "gloss: gloss itself failed: %v\nhint: run the command again with --debug, and send what it prints to whoever maintains gloss\n", fault.Value)
		if o.debug {
			fmt.Fprintf(stderr, "\n%s\n%s\n", fault.Calls, version())
		}
		return exitMachine
	case err == nil:
		return exitOK
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errInternal):
		return exitMachine
	}
	fmt.Fprintf(stderr, "gloss: %v\n", err)
	return exitMachine
}

// commands lists every command; to add one, write a cmd_x.go and a line here.
var commands = []func(*options) *cobra.Command{newCommand, buildCommand, serveCommand, checkCommand, diffCommand, publishCommand, moveCommand, graphCommand}

// load reads the site that the command is about, and what the flags say of the build.
func (o *options) load() (dir string, t *build.Tree, env build.Env, err error) {
	if env, err = o.env(); err != nil {
		return "", nil, env, err
	}
	if dir, err = build.Find(o.dir); err != nil {
		return "", nil, env, err
	}
	t, err = build.Read(dir, gloss.Theme)
	return dir, t, env, err
}

// env turns the flags into what a build may know.
func (o *options) env() (build.Env, error) {
	e := build.Env{Env: site.Env{Drafts: o.drafts}}
	if o.baseURL != "" {
		base, why := content.CheckBaseURL(o.baseURL)
		if why != "" {
			return e, fmt.Errorf("--base-url %q %s; write it like https://example.org/site/", o.baseURL, why)
		}
		e.BaseURL = base
	}
	if s := os.Getenv("SOURCE_DATE_EPOCH"); s != "" {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || n < 0 || n > 253402300799 { // the end of the year 9999: dates have four digits of year
			return e, fmt.Errorf("SOURCE_DATE_EPOCH is %q, not a number of seconds since 1970", s)
		}
		e.Epoch = time.Unix(n, 0).UTC().Format("2006-01-02")
	}
	return e, nil
}

// report prints findings for people on w, with a last line that counts them; after is what follows from them. waiting is
// how many more may show when the unreadable files can be read.
func (o *options) report(w io.Writer, r []diag.Finding, waiting int, t *build.Tree, after string) {
	p := diag.Paint{Calls: o.debug}
	if isTerminal(w) { // elsewhere, such as in a file, every finding is kept
		p.Most = diag.Most
		if wantsColour() {
			p.Error, p.Warning, p.Code, p.Hint = sprint(color.FgRed, color.Bold), sprint(color.FgYellow, color.Bold), sprint(color.Faint), sprint(color.FgCyan)
		}
	}
	diag.Print(w, r, t.Source, p)
	if len(r) == 0 {
		return
	}
	if o.debug && diag.Failed(r) {
		fmt.Fprintf(w, "%s\n\n", version())
	}
	files := map[string]bool{}
	for _, f := range r {
		files[f.Span.File] = true
	}
	errs, warns := diag.Count(r)
	var parts []string
	if errs > 0 {
		parts = append(parts, plural(errs, "error"))
	}
	if warns > 0 {
		parts = append(parts, plural(warns, "warning"))
	}
	fmt.Fprintf(w, "%s in %s.%s\n", strings.Join(parts, " and "), plural(len(files), "file"), after)
	if line := diag.Waiting(waiting, r); line != "" {
		fmt.Fprintln(w, line)
	}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if strings.HasSuffix(what, "s") {
		what += "e"
	}
	return strconv.Itoa(n) + " " + what + "s"
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// wantsColour says whether a terminal is to get colours (https://no-color.org).
func wantsColour() bool { return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" }

func sprint(a ...color.Attribute) func(string) string {
	c := color.New(a...)
	c.EnableColor() // the package itself looks at standard output alone
	return func(s string) string { return c.Sprint(s) }
}
