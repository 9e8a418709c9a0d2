#ifndef LOCKKEEPER_SYS_SOCKET_H
#define LOCKKEEPER_SYS_SOCKET_H

typedef unsigned socklen_t;

struct sockaddr_storage {
	char unused;
};

#endif
