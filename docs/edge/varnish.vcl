# Varnish 7 in front of Rivet.Live: one request at the origin per playlist and part, however many viewers wait for it.
# varnishd -a :80 -f docs/edge/varnish.vcl -s malloc,1g -p thread_pool_min=100 -p thread_pool_max=2000
vcl 4.1;
import std;

backend origin {
    .host = "127.0.0.1";
    .port = "8080";
    # Longer than the origin holds a request: three target durations, 6 s by default.
    .first_byte_timeout = 20s;
    .between_bytes_timeout = 20s;
}

sub vcl_recv {
    if (req.url !~ "^/hls/" || (req.method != "GET" && req.method != "HEAD")) {
        return (pass);
    }
    # Players write the directives in different orders, which mean the same.
    set req.url = std.querysort(req.url);
    unset req.http.Cookie;
    return (hash);
}

sub vcl_backend_response {
    if (bereq.url !~ "^/hls/") {
        return (deliver);
    }
    # An old playlist is worse than a slow one.
    set beresp.grace = 0s;
    set beresp.keep = 0s;
    # A refusal is shared for a second too: without this, "no-store" would send everybody who waits to the origin.
    if (beresp.status >= 400) {
        set beresp.ttl = 1s;
    }
    # Whole answers carry their length, and a playlist is small.
    if (bereq.url ~ "\.m3u8") {
        set beresp.do_stream = false;
    }
    return (deliver);
}
