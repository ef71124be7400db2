// SPDX-License-Identifier: Apache-2.0
#include "device/tcp_link.hpp"

#include <cerrno>

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/host_error.hpp"
#include "device/descriptor_link.hpp"

namespace tinymf::host {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses resolve(const TcpSource& source, const std::string& name) {
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(source.host.c_str(), source.port.c_str(), &wanted, &found);
    if (error != 0) {
        throw HostError(exit_link_failed, fmt::format("{}: {}", name, ::gai_strerror(error)));
    }
    return {found, &::freeaddrinfo};
}

/// 0, or the reason why there is no connection.
int wait_for_connection(const FileDescriptor& line, std::chrono::milliseconds limit) {
    pollfd waiting{line.number(), POLLOUT, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(limit.count()));
    if (ready <= 0) {
        return ready == 0 ? ETIMEDOUT : errno;
    }
    int error = 0;
    socklen_t size = sizeof(error);
    return ::getsockopt(line.number(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

/// 0, or the reason why not.
int connect(const FileDescriptor& line, const addrinfo& address, std::chrono::milliseconds limit) {
    if (!line.open()) {
        return errno;
    }
    if (::connect(line.number(), address.ai_addr, address.ai_addrlen) == 0) {
        return 0;
    }
    return errno == EINPROGRESS ? wait_for_connection(line, limit) : errno;
}

} // namespace

std::unique_ptr<ByteLink> open_tcp(const TcpSource& source, std::chrono::milliseconds limit) {
    const std::string name = fmt::format("tcp:{}:{}", source.host, source.port);
    const Addresses addresses = resolve(source, name);
    int error = 0;
    for (const addrinfo* address = addresses.get(); address != nullptr;
         address = address->ai_next) {
        FileDescriptor line(::socket(address->ai_family,
                                     address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                                     address->ai_protocol));
        error = connect(line, *address, limit);
        if (error == 0) {
            // Commands are small and each waits for its answer.
            const int on = 1;
            ::setsockopt(line.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
            return std::make_unique<DescriptorLink>(std::move(line), name, HangUp::ends);
        }
    }
    throw HostError(exit_link_failed, with_reason(name, error));
}

} // namespace tinymf::host
