/*
 * A port library for libgphoto2 whose USB cameras are virtual ones. For tests alone.
 *
 * The folder named by GROUNDGLASS_USB_BUS is the bus. A file in it is a camera that is plugged in: its name
 * is the address, "001,004", and its one line says who it is, "vendor product port": two numbers in
 * hexadecimal, and the TCP port of this machine where the camera answers (groundglass virtual --usb-port).
 *
 * Each USB transfer travels as its length (32 bits, little endian, as all machines here are) and its bytes.
 * A camera is opened by two connections, whose first byte says what they carry: 'B' bulk transfers, 'I'
 * interrupts. The camera answers with one byte: 'Y', or 'N' if somebody else has claimed it.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <gphoto2/gphoto2-port-info-list.h>
#include <gphoto2/gphoto2-port-result.h>
#include <gphoto2/gphoto2-port.h>

#define BUS_VARIABLE "GROUNDGLASS_USB_BUS"
#define NAME_BYTES 7 /* 001,004 */
#define PACKET_BYTES 512
#define HANDSHAKE_MS 5000
#define LARGEST_TRANSFER (256u << 20)
#define LARGEST_INTERRUPT 64u
#define PTP_CLASS 6
#define DEVICE_STATUS_REQUEST 0x67

/*
 * The table that libgphoto2_port asks for. Debian ships no header for it (gphoto2-port-library.h), so its
 * layout, which is the same from 2.5.0 to 2.5.34, is declared here.
 */
typedef int (*PlainCall)(GPPort *);
typedef int (*MessageCall)(GPPort *, int request, int value, int index, char *bytes, int size);

typedef struct _GPPortOperations {
	PlainCall init, exit, open, close;
	int (*read)(GPPort *, char *bytes, int size);
	int (*check_int)(GPPort *, char *bytes, int size, int timeout_ms);
	int (*write)(GPPort *, const char *bytes, int size);
	PlainCall update;
	void *get_pin, *set_pin, *send_break, *flush; /* serial ports */
	int (*find_device)(GPPort *, int vendor, int product);
	int (*find_device_by_class)(GPPort *, int class, int subclass, int protocol);
	int (*clear_halt)(GPPort *, int endpoint);
	MessageCall msg_write, msg_read;
	MessageCall msg_interface_write, msg_interface_read;
	MessageCall msg_class_write, msg_class_read;
	void *seek, *send_scsi_cmd; /* disks */
	PlainCall reset;
} GPPortOperations;

GPPortType gp_port_library_type(void);
int gp_port_library_list(GPPortInfoList *list);
GPPortOperations *gp_port_library_operations(void);

typedef struct {
	int vendor, product, tcp_port;
} Plugged;

struct _GPPortPrivateLibrary {
	Plugged camera;
	bool is_plugged;
	int bulk, interrupt; /* sockets; -1: not connected */
	uint32_t unread;     /* bytes of the present transfer that nobody has read yet */
};

/* ---- the bus */

static bool is_address(const char *name)
{
	for (int i = 0; i < NAME_BYTES; i++) {
		bool fits = i == 3 ? name[i] == ',' : isdigit((unsigned char)name[i]) != 0;
		if (!fits)
			return false;
	}
	return name[NAME_BYTES] == '\0';
}

static int is_camera(const struct dirent *entry)
{
	return is_address(entry->d_name);
}

/* Read who is plugged in at a path such as "usb:001,004". */
static bool read_camera(const char *path, Plugged *camera)
{
	const char *bus = getenv(BUS_VARIABLE);
	const char *name = strchr(path, ':');
	char file[4096], line[64];

	if (!bus || !name || !is_address(name + 1))
		return false;
	if (snprintf(file, sizeof file, "%s/%s", bus, name + 1) >= (int)sizeof file)
		return false;
	FILE *in = fopen(file, "re");
	if (!in)
		return false;
	bool is_read = fgets(line, sizeof line, in) != NULL;
	fclose(in);
	return is_read &&
	       sscanf(line, "%4x %4x %5d", (unsigned *)&camera->vendor, (unsigned *)&camera->product,
		      &camera->tcp_port) == 3 &&
	       camera->tcp_port > 0 && camera->tcp_port < 65536;
}

static int add_port(GPPortInfoList *list, const char *path, const char *name)
{
	GPPortInfo info;
	int code = gp_port_info_new(&info);

	if (code < GP_OK)
		return code;
	gp_port_info_set_type(info, GP_PORT_USB);
	gp_port_info_set_name(info, name);
	gp_port_info_set_path(info, path);
	/* The answer is an index that counts named ports alone: -1 for a pattern that comes first. */
	code = gp_port_info_list_append(list, info);
	return *name && code < GP_OK ? code : GP_OK;
}

GPPortType gp_port_library_type(void)
{
	return GP_PORT_USB;
}

/* List what is plugged in; without a camera the bus itself, as libgphoto2's own library does. */
int gp_port_library_list(GPPortInfoList *list)
{
	const char *bus = getenv(BUS_VARIABLE);
	struct dirent **cameras = NULL;
	int count = bus ? scandir(bus, &cameras, is_camera, alphasort) : 0;
	int code = add_port(list, "^usb:", ""); /* a pattern: any address may be asked for */

	for (int i = 0; i < count; i++) {
		char path[sizeof "usb:" + NAME_BYTES];
		snprintf(path, sizeof path, "usb:%.*s", NAME_BYTES, cameras[i]->d_name);
		free(cameras[i]);
		if (code >= GP_OK)
			code = add_port(list, path, "Universal Serial Bus");
	}
	free(cameras);
	if (count <= 0 && code >= GP_OK)
		code = add_port(list, "usb:", "Universal Serial Bus");
	return code;
}

static void look(GPPort *port)
{
	GPPortInfo info;
	char *path = NULL;

	port->pl->is_plugged = gp_port_get_info(port, &info) >= GP_OK &&
			       gp_port_info_get_path(info, &path) >= GP_OK && path &&
			       read_camera(path, &port->pl->camera);
}

static int find_device(GPPort *port, int vendor, int product)
{
	const struct _GPPortPrivateLibrary *own = port->pl;

	if (!own->is_plugged || own->camera.vendor != vendor || own->camera.product != product)
		return GP_ERROR_IO_USB_FIND;
	port->settings.usb.config = 1;
	port->settings.usb.interface = 0;
	port->settings.usb.altsetting = 0;
	port->settings.usb.inep = 0x81;
	port->settings.usb.outep = 0x02;
	port->settings.usb.intep = 0x83;
	port->settings.usb.maxpacketsize = PACKET_BYTES;
	return GP_OK;
}

static int find_device_by_class(GPPort *port, int class, int subclass, int protocol)
{
	if (class != PTP_CLASS || subclass != 1 || protocol != 1)
		return GP_ERROR_IO_USB_FIND;
	return find_device(port, port->pl->camera.vendor, port->pl->camera.product);
}

/* ---- the cable */

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Wait until the socket is ready, at most to a moment; libgphoto2's code. */
static int await(int wire, short events, int64_t deadline_ms)
{
	for (;;) {
		struct pollfd waiting = {.fd = wire, .events = events};
		int64_t left = deadline_ms - now_ms();
		int ready = poll(&waiting, 1, left > 0 ? (int)left : 0);
		if (ready > 0)
			return GP_OK;
		if (ready == 0)
			return GP_ERROR_TIMEOUT;
		if (errno != EINTR)
			return GP_ERROR_IO;
	}
}

/* A closed connection is a camera that was unplugged; a broken one is an error on the cable. */
static int lost(ssize_t count, int broken)
{
	return count == 0 || errno == EPIPE ? GP_ERROR_IO_USB_FIND : broken;
}

static int receive(int wire, void *bytes, size_t size, int64_t deadline_ms)
{
	char *at = bytes;

	while (size > 0) {
		int code = await(wire, POLLIN, deadline_ms);
		if (code < GP_OK)
			return code;
		ssize_t count = recv(wire, at, size, MSG_DONTWAIT);
		if (count < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (count <= 0)
			return lost(count, GP_ERROR_IO_READ);
		at += count;
		size -= (size_t)count;
	}
	return GP_OK;
}

static int transmit(int wire, const void *bytes, size_t size, int flags, int64_t deadline_ms)
{
	const char *at = bytes;

	while (size > 0) {
		int code = await(wire, POLLOUT, deadline_ms);
		if (code < GP_OK)
			return code;
		ssize_t count = send(wire, at, size, MSG_DONTWAIT | MSG_NOSIGNAL | flags);
		if (count < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (count < 0)
			return lost(count, GP_ERROR_IO_WRITE);
		at += count;
		size -= (size_t)count;
	}
	return GP_OK;
}

static void hang_up(int *wire)
{
	if (*wire >= 0)
		close(*wire);
	*wire = -1;
}

/* Connect and say what for; the socket is stored only if the camera agrees. */
static int dial(int tcp_port, char purpose, int *wire)
{
	struct sockaddr_in camera = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)tcp_port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int64_t deadline = now_ms() + HANDSHAKE_MS;
	int one = 1;
	char verdict = 0;
	int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (made < 0)
		return GP_ERROR_IO;
	/* On loopback this succeeds or fails at once. */
	if (connect(made, (struct sockaddr *)&camera, sizeof camera) < 0) {
		hang_up(&made);
		return GP_ERROR_IO_USB_FIND;
	}
	setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	int code = transmit(made, &purpose, 1, 0, deadline);
	if (code >= GP_OK)
		code = receive(made, &verdict, 1, deadline);
	if (code >= GP_OK && verdict != 'Y')
		code = GP_ERROR_IO_USB_CLAIM;
	if (code < GP_OK) {
		hang_up(&made);
		return code;
	}
	*wire = made;
	return GP_OK;
}

static int close_camera(GPPort *port)
{
	if (!port->pl)
		return GP_OK;
	hang_up(&port->pl->interrupt);
	hang_up(&port->pl->bulk);
	port->pl->unread = 0;
	return GP_OK;
}

static int open_camera(GPPort *port)
{
	struct _GPPortPrivateLibrary *own = port->pl;

	close_camera(port);
	look(port);
	if (!own->is_plugged)
		return GP_ERROR_IO_USB_FIND;
	int code = dial(own->camera.tcp_port, 'B', &own->bulk);
	if (code >= GP_OK)
		code = dial(own->camera.tcp_port, 'I', &own->interrupt);
	if (code < GP_OK)
		close_camera(port);
	return code;
}

static int write_bulk(GPPort *port, const char *bytes, int size)
{
	struct _GPPortPrivateLibrary *own = port->pl;
	uint32_t length = (uint32_t)size;
	int64_t deadline = now_ms() + port->timeout;

	if (own->bulk < 0 || size < 0)
		return GP_ERROR_BAD_PARAMETERS;
	int code = transmit(own->bulk, &length, sizeof length, size > 0 ? MSG_MORE : 0, deadline);
	if (code >= GP_OK)
		code = transmit(own->bulk, bytes, length, 0, deadline);
	return code < GP_OK ? code : size;
}

/* Read what is left of a transfer, or the next one; never beyond its end, as a short packet ends a read. */
static int read_bulk(GPPort *port, char *bytes, int size)
{
	struct _GPPortPrivateLibrary *own = port->pl;
	int64_t deadline = now_ms() + port->timeout;
	int code;

	if (own->bulk < 0 || size < 0)
		return GP_ERROR_BAD_PARAMETERS;
	if (own->unread == 0) {
		uint32_t length;
		code = receive(own->bulk, &length, sizeof length, deadline);
		if (code < GP_OK)
			return code;
		if (length > LARGEST_TRANSFER)
			return GP_ERROR_IO_READ;
		own->unread = length;
	}
	uint32_t count = own->unread < (uint32_t)size ? own->unread : (uint32_t)size;
	code = receive(own->bulk, bytes, count, deadline);
	if (code < GP_OK)
		return code;
	own->unread -= count;
	return (int)count;
}

static int read_interrupt(GPPort *port, char *bytes, int size, int timeout_ms)
{
	int wire = port->pl->interrupt;
	char event[LARGEST_INTERRUPT];
	uint32_t length;

	if (wire < 0 || size < 0)
		return GP_ERROR_BAD_PARAMETERS;
	int code = receive(wire, &length, sizeof length, now_ms() + timeout_ms);
	if (code < GP_OK)
		return code;
	if (length > sizeof event)
		return GP_ERROR_IO_READ;
	code = receive(wire, event, length, now_ms() + HANDSHAKE_MS);
	if (code < GP_OK)
		return code;
	if (length > (uint32_t)size)
		length = (uint32_t)size;
	memcpy(bytes, event, length);
	return (int)length;
}

/* ---- what needs no answer from the camera */

static int do_nothing(GPPort *port)
{
	(void)port;
	return GP_OK;
}

static int clear_halt(GPPort *port, int endpoint)
{
	(void)port;
	(void)endpoint;
	return GP_OK;
}

static int take_message(GPPort *port, int request, int value, int index, char *bytes, int size)
{
	(void)port, (void)request, (void)value, (void)index, (void)bytes;
	return size;
}

/* The device's status is always "OK": its length and PTP's code. All else is zeros. */
static int give_message(GPPort *port, int request, int value, int index, char *bytes, int size)
{
	static const char is_ok[4] = {4, 0, 0x01, 0x20};

	(void)port, (void)value, (void)index;
	if (size < 0)
		return GP_ERROR_BAD_PARAMETERS;
	memset(bytes, 0, (size_t)size);
	if (request != DEVICE_STATUS_REQUEST || size < (int)sizeof is_ok)
		return size;
	memcpy(bytes, is_ok, sizeof is_ok);
	return (int)sizeof is_ok;
}

static int begin(GPPort *port)
{
	port->pl = calloc(1, sizeof *port->pl);
	if (!port->pl)
		return GP_ERROR_NO_MEMORY;
	port->pl->bulk = port->pl->interrupt = -1;
	look(port);
	return GP_OK;
}

static int end(GPPort *port)
{
	close_camera(port);
	free(port->pl);
	port->pl = NULL;
	return GP_OK;
}

GPPortOperations *gp_port_library_operations(void)
{
	GPPortOperations *table = calloc(1, sizeof *table);

	if (!table)
		return NULL;
	*table = (GPPortOperations){
		.init = begin,
		.exit = end,
		.open = open_camera,
		.close = close_camera,
		.read = read_bulk,
		.check_int = read_interrupt,
		.write = write_bulk,
		.update = do_nothing,
		.find_device = find_device,
		.find_device_by_class = find_device_by_class,
		.clear_halt = clear_halt,
		.msg_write = take_message,
		.msg_read = give_message,
		.msg_interface_write = take_message,
		.msg_interface_read = give_message,
		.msg_class_write = take_message,
		.msg_class_read = give_message,
		.reset = do_nothing,
	};
	return table;
}
