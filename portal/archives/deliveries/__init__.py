"""Finished flows of other business systems (业务系统归档), delivered to an address of their own."""
