package call

func (s *session) typed(string) error     { return nil }
func (s *session) sendStill(Still) error  { return nil }
func (s *session) askStill() error        { return nil }
func (s *session) dropStill(string) error { return nil }
func (s *session) point(Pointer) error    { return nil }
