package main

import (
	"bufio"

	"github.com/spf13/cobra"

	"gloss/generator/build"
	"gloss/generator/diag"
)

func graphCommand(o *options) *cobra.Command {
	c := &cobra.Command{
		Use:   "graph",
		Short: "Print every page, record, link and mention as JSON",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, t, env, err := o.load()
			if err != nil {
				return err
			}
			r := build.Build(t, env, nil)
			if r.Failed() {
				o.report(o.errs, r.Findings, r.Waits(false), t, " Nothing was printed.")
				return errInternal
			}
			if unread := r.Unreadable(); len(unread) > 0 {
				o.report(o.errs, unread, r.Waits(false), t, " The graph lacks what they hold.")
			}
			w := bufio.NewWriter(o.out)
			err = r.Site.WriteGraph(w, func(file string, offset int) (int, int) {
				p := diag.Locate(t.Source(file), offset)
				return p.Line, p.Column
			})
			if err != nil {
				return err
			}
			return w.Flush()
		},
	}
	c.Flags().BoolVar(&o.drafts, "drafts", false, "take drafts in")
	return c
}
