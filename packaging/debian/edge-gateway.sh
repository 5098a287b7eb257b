#!/bin/sh
# The runtime is not part of this package on arm64: Microsoft's package, or its archive unpacked to /usr/share/dotnet.
for dotnet in "${DOTNET_ROOT:+$DOTNET_ROOT/dotnet}" /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet /usr/bin/dotnet; do
    if [ -n "$dotnet" ] && [ -x "$dotnet" ]; then
        exec "$dotnet" /usr/lib/edge-gateway/edge-gateway.dll "$@"
    fi
done
echo "edge-gateway: the ASP.NET Core runtime 10 is missing (aspnetcore-runtime-10.0, or its archive in /usr/share/dotnet)." >&2
exit 1
