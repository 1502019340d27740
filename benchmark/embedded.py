#!/usr/bin/env python3
"""One embedded database in a process of its own, so that its CPU time can be told apart.

    benchmark/embedded.py chdb|duckdb LIBRARY FOLDER

One JSON object a line in and out. {"sql": …} runs a statement; with "answer": PATH its one column
of customer numbers is written there, sorted, 32 bits each. The reply holds wall and CPU seconds of
the statement (all threads of the process), or "error". The libraries are called through their C
interfaces, without the host's own layers between.
"""
import array
import ctypes
import json
import os
import resource
import sys
import time


class Chdb:
    def __init__(self, library, folder):
        self.lib = ctypes.CDLL(library)
        self.lib.chdb_connect.restype = ctypes.POINTER(ctypes.c_void_p)
        self.lib.chdb_connect.argtypes = [ctypes.c_int, ctypes.POINTER(ctypes.c_char_p)]
        self.lib.chdb_query.restype = ctypes.c_void_p
        self.lib.chdb_query.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]
        self.lib.chdb_result_buffer.restype = ctypes.c_void_p
        self.lib.chdb_result_length.restype = ctypes.c_size_t
        self.lib.chdb_result_error.restype = ctypes.c_char_p
        for name in ("chdb_result_buffer", "chdb_result_length", "chdb_result_error",
                     "chdb_destroy_query_result"):
            getattr(self.lib, name).argtypes = [ctypes.c_void_p]
        words = (ctypes.c_char_p * 2)(b"clickhouse", f"--path={folder}".encode())
        self.connection = self.lib.chdb_connect(2, words)
        if not self.connection:
            raise RuntimeError("chdb_connect failed")

    def run(self, sql, numbers):
        form = b"RowBinary" if numbers else b"TabSeparated"
        result = self.lib.chdb_query(self.connection[0], sql.encode(), form)
        error = self.lib.chdb_result_error(result)
        if error:
            raise RuntimeError(error.decode(errors="replace"))
        length = self.lib.chdb_result_length(result)
        data = ctypes.string_at(self.lib.chdb_result_buffer(result), length) if length else b""
        self.lib.chdb_destroy_query_result(result)
        return data


class DuckdbResult(ctypes.Structure):
    _fields_ = [("column_count", ctypes.c_uint64), ("row_count", ctypes.c_uint64),
                ("rows_changed", ctypes.c_uint64), ("columns", ctypes.c_void_p),
                ("error_message", ctypes.c_char_p), ("internal", ctypes.c_void_p)]


class Duckdb:
    def __init__(self, library, folder):
        self.lib = ctypes.CDLL(library)
        self.lib.duckdb_result_error.restype = ctypes.c_char_p
        self.lib.duckdb_fetch_chunk.restype = ctypes.c_void_p
        self.lib.duckdb_fetch_chunk.argtypes = [DuckdbResult]
        self.lib.duckdb_data_chunk_get_vector.restype = ctypes.c_void_p
        self.lib.duckdb_data_chunk_get_vector.argtypes = [ctypes.c_void_p, ctypes.c_uint64]
        self.lib.duckdb_data_chunk_get_size.restype = ctypes.c_uint64
        self.lib.duckdb_data_chunk_get_size.argtypes = [ctypes.c_void_p]
        self.lib.duckdb_vector_get_data.restype = ctypes.c_void_p
        self.lib.duckdb_vector_get_data.argtypes = [ctypes.c_void_p]
        self.database, self.connection = ctypes.c_void_p(), ctypes.c_void_p()
        path = os.path.join(folder, "duck.db").encode()
        if self.lib.duckdb_open(path, ctypes.byref(self.database)) != 0 or \
                self.lib.duckdb_connect(self.database, ctypes.byref(self.connection)) != 0:
            raise RuntimeError("duckdb_open failed")

    def run(self, sql, numbers):
        result = DuckdbResult()
        failed = self.lib.duckdb_query(self.connection, sql.encode(), ctypes.byref(result)) != 0
        if failed:
            error = self.lib.duckdb_result_error(ctypes.byref(result))
            raise RuntimeError((error or b"").decode(errors="replace"))
        data = b"".join(self.chunks(result)) if numbers else self.first_text(result)
        self.lib.duckdb_destroy_result(ctypes.byref(result))
        return data

    # Of a column of 32-bit numbers.
    def chunks(self, result):
        while chunk := self.lib.duckdb_fetch_chunk(result):
            size = self.lib.duckdb_data_chunk_get_size(chunk)
            vector = self.lib.duckdb_data_chunk_get_vector(chunk, 0)
            yield ctypes.string_at(self.lib.duckdb_vector_get_data(vector), 4 * size)
            self.lib.duckdb_destroy_data_chunk(ctypes.byref(ctypes.c_void_p(chunk)))

    def first_text(self, result):
        self.lib.duckdb_value_varchar.restype = ctypes.c_void_p
        self.lib.duckdb_value_varchar.argtypes = [ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64]
        text = self.lib.duckdb_value_varchar(ctypes.byref(result), 0, 0)
        return ctypes.string_at(text) if text else b""


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def answer(database, request):
    path = request.get("answer")
    cpu, wall = cpu_seconds(), time.perf_counter()
    data = database.run(request["sql"], path is not None)
    reply = {"wall": time.perf_counter() - wall, "cpu": cpu_seconds() - cpu}
    if path is None:
        reply["text"] = data.decode(errors="replace").strip()
        return reply
    numbers = array.array("I", data)
    with open(path, "wb") as file:
        array.array("I", sorted(numbers)).tofile(file)
    reply["count"] = len(numbers)
    return reply


def main():
    kind, library, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    database = {"chdb": Chdb, "duckdb": Duckdb}[kind](library, folder)
    for line in sys.stdin:
        try:
            reply = answer(database, json.loads(line))
        except RuntimeError as error:
            reply = {"error": str(error)[:2000]}
        print(json.dumps(reply), flush=True)
    sys.stdout.flush()
    os._exit(0)  # chDB's threads do not survive an orderly end


if __name__ == "__main__":
    main()
