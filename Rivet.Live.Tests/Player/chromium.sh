#!/bin/sh
# A viewer has a machine of its own; here it gives way to the publisher and the server.
exec nice -n 5 "${CHROMIUM:-/usr/bin/chromium}" "$@"
