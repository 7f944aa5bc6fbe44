package loadtest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// question asks for a stream on a connection of its own, with as little as possible at this end: thousands stand at once.
type question struct {
	host, path, token string
	cert              *certificate // nil: plain HTTP/1.1
}

// open gives the connection once the stream's first bytes are here. What comes later is left lying.
func (q question) open(ctx context.Context) (net.Conn, error) {
	dialer := &net.Dialer{Timeout: patience}
	if q.cert == nil {
		conn, err := dialer.DialContext(ctx, "tcp", q.host)
		if err != nil {
			return nil, err
		}
		return q.begun(conn, q.plain)
	}
	secure := &tls.Dialer{NetDialer: dialer, Config: &tls.Config{RootCAs: q.cert.pool, NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS12}}
	conn, err := secure.DialContext(ctx, "tcp", q.host)
	if err != nil {
		return nil, err
	}
	return q.begun(conn, q.http2)
}

func (q question) begun(conn net.Conn, ask func(net.Conn) error) (net.Conn, error) {
	conn.SetDeadline(time.Now().Add(patience)) // one that cannot be set fails at the next read
	if err := ask(conn); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, conn.SetDeadline(time.Time{})
}

func (q question) plain(conn net.Conn) error {
	authorization := ""
	if q.token != "" {
		authorization = "Authorization: Bearer " + q.token + "\r\n"
	}
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", q.path, q.host, authorization); err != nil {
		return err
	}
	in := bufio.NewReaderSize(conn, 512)
	status, err := in.ReadString('\n')
	if err != nil {
		return err
	}
	if !strings.HasPrefix(status, "HTTP/1.1 200") {
		return fmt.Errorf("a stream was answered with %q", strings.TrimSpace(status))
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil || strings.HasPrefix(line, "retry:") {
			return err
		}
	}
}

func (q question) http2(conn net.Conn) error {
	if _, err := conn.Write([]byte(http2.ClientPreface)); err != nil {
		return err
	}
	frames := http2.NewFramer(conn, conn)
	if err := frames.WriteSettings(); err != nil {
		return err
	}
	var block bytes.Buffer
	enc := hpack.NewEncoder(&block)
	fields := []hpack.HeaderField{{Name: ":method", Value: "GET"}, {Name: ":scheme", Value: "https"}, {Name: ":authority", Value: q.host}, {Name: ":path", Value: q.path}}
	if q.token != "" {
		fields = append(fields, hpack.HeaderField{Name: "authorization", Value: "Bearer " + q.token})
	}
	for _, f := range fields {
		if err := enc.WriteField(f); err != nil {
			return err
		}
	}
	if err := frames.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block.Bytes(), EndStream: true, EndHeaders: true}); err != nil {
		return err
	}
	frames.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	for {
		frame, err := frames.ReadFrame()
		if err != nil {
			return err
		}
		switch f := frame.(type) {
		case *http2.SettingsFrame:
			if !f.IsAck() {
				err = frames.WriteSettingsAck()
			}
		case *http2.MetaHeadersFrame:
			if status := f.PseudoValue("status"); status != "200" {
				err = fmt.Errorf("a stream was answered with %s", status)
			}
		case *http2.DataFrame:
			return nil
		case *http2.RSTStreamFrame, *http2.GoAwayFrame:
			err = fmt.Errorf("a stream was refused: %s", f.Header())
		}
		if err != nil {
			return err
		}
	}
}
