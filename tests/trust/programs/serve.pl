# Answers every request at once, and ends like most programs: its socket closes under those who wait in its queue.
use strict;
use warnings;
use IO::Socket::INET;

my $server = IO::Socket::INET->new(LocalPort => 8000, Listen => 50, ReuseAddr => 1) or die "cannot listen: $!";
while (my $client = $server->accept) {
  while (defined(my $line = <$client>)) {
    last if $line =~ /^\r?\n$/;
  }
  print $client "HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
  close $client;
}
