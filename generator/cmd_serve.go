package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/diag"
	"gloss/generator/serve"
)

func serveCommand(o *options) *cobra.Command {
	var s serve.Options
	c := &cobra.Command{
		Use:   "serve",
		Short: "Build the site in memory, show it on this machine, and show every save at once",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			env, err := o.env()
			if err != nil {
				return err
			}
			env.Drafts = true
			if s.Dir, err = build.Find(o.dir); err != nil {
				return err
			}
			s.Theme, s.Out, s.Log = gloss.Theme, o.out, o.errs
			s.Env = func() build.Env {
				env.Today = time.Now().Format("2006-01-02")
				return env
			}
			s.Report = func(found []diag.Finding, waiting int, t *build.Tree) { o.report(o.errs, found, waiting, t, "") }
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return serve.Run(ctx, s)
		},
	}
	c.Flags().IntVar(&s.Port, "port", 8080, "the port; the next free one is taken when it is busy")
	c.Flags().StringVar(&s.Bind, "bind", "127.0.0.1", "the address to listen on; 0.0.0.0 shows the preview to your network")
	c.Flags().StringArrayVar(&s.Hosts, "allow-host", nil, "a name under which the preview may be asked for, beside this machine's own")
	c.Flags().StringVar(&o.baseURL, "base-url", "", "the address of the published site; wins over site.toml")
	c.Flags().BoolVar(&s.Poll, "poll", false, "look for changes twice a second, for folders that report none (network drives)")
	c.Flags().BoolVar(&s.Follow, "follow", false, "let open pages go to the page that was saved")
	c.Flags().BoolVar(&s.Open, "open", false, "open a browser")
	return c
}
