package main

import "errors"

func newServer() (database, error) { return nil, errors.New("not yet") }
