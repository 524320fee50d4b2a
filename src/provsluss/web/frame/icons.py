"""The icons: one set, one line weight, drawn on a 24 × 24 grid."""

_CIRCLE = '<circle cx="12" cy="12" r="9"/>'

ICONS: dict[str, str] = {
    # what became of something
    "ok": _CIRCLE + '<path d="m8 12.3 2.8 2.8L16 9.3"/>',
    "warning": '<path d="M12 4 2.8 19.5h18.4L12 4Z"/><path d="M12 10v4.2m0 2.6v.2"/>',
    "error": '<path d="M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3L8.3 3Z"/><path d="m9 9 6 6m0-6-6 6"/>',
    "held": '<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5m-4 4v2"/>',
    "waiting": _CIRCLE + '<path d="M12 7v5l3.2 2"/>',
    "running": '<circle cx="12" cy="12" r="9" opacity=".25"/><path d="M21 12a9 9 0 0 0-9-9"/>',
    "paused": _CIRCLE + '<path d="M10 9v6m4-6v6"/>',
    "retry": '<path d="M20 11a8 8 0 1 0-.8 4.5"/><path d="M20.5 5v6h-6"/>',
    "unchanged": _CIRCLE + '<path d="M8 10.2h8m-8 3.6h8"/>',
    "removed": _CIRCLE + '<path d="M8 12h8"/>',
    "cancelled": _CIRCLE + '<path d="m6 6 12 12"/>',
    "sent": _CIRCLE + '<path d="M12 16.5v-9M8.5 11 12 7.5l3.5 3.5"/>',
    "arrived": '<path d="m2.5 12.6 4 4L14 8.4m-3.2 6.9 1.6 1.6L21.5 7"/>',
    "review": '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z"/>'
    '<circle cx="12" cy="12" r="2.8"/>',
    "archived": '<path d="M3.5 4.5h17v4h-17zM5 8.5V19a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1V8.5m-9 4h4"/>',
    "info": _CIRCLE + '<path d="M12 11v5.5m0-9v.2"/>',
    "restricted": '<path d="M12 3 5 5.8v5.4c0 4.6 3 7.9 7 9.8 4-1.9 7-5.2 7-9.8V5.8L12 3Z"/><path d="M9 12h6"/>',
    # what can be done
    "chevron": '<path d="m9 6 6 6-6 6"/>',
    "chevron-down": '<path d="m6 9 6 6 6-6"/>',
    "back": '<path d="M19 12H5m6-6-6 6 6 6"/>',
    "download": '<path d="M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14"/>',
    "upload": '<path d="M12 15V4M7.5 8.5 12 4l4.5 4.5M5 19.5h14"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
    "send": '<path d="M21 3.5 10.5 14M21 3.5l-6.5 17-4-6.5-6.5-4 17-6.5Z"/>',
    "filter": '<path d="M4 6h16M7 12h10m-7 6h4"/>',
    "sort": '<path d="m8 9.5 4-4 4 4m-8 5 4 4 4-4"/>',
    "up": '<path d="m7 14 5-5 5 5"/>',
    "down": '<path d="m7 10 5 5 5-5"/>',
    "add": '<path d="M12 5v14M5 12h14"/>',
    "edit": '<path d="m4 20 .8-4L16 4.8a1.5 1.5 0 0 1 2.1 0l1.1 1.1a1.5 1.5 0 0 1 0 2.1L8 19.2 4 20Z"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "logout": '<path d="M14 4.5H6a1 1 0 0 0-1 1v13a1 1 0 0 0 1 1h8M10 12h11m-4-4 4 4-4 4"/>',
    "key": '<circle cx="8" cy="15" r="4.5"/><path d="m11.3 11.7 8.2-8.2M16 7l3 3"/>',
    "switch": '<path d="M4 8.5h15m-4-4 4 4-4 4M20 15.5H5m4 4-4-4 4-4"/>',
    # where one is
    "overview": '<rect x="3.5" y="3.5" width="7" height="9" rx="1.5"/>'
    '<rect x="13.5" y="3.5" width="7" height="5" rx="1.5"/>'
    '<rect x="3.5" y="15.5" width="7" height="5" rx="1.5"/><rect x="13.5" y="11.5" width="7" height="9" rx="1.5"/>',
    "register": '<path d="M5 4.5A1.5 1.5 0 0 1 6.5 3H19v18H6.5A1.5 1.5 0 0 1 5 19.5v-15Z"/>'
    '<path d="M9 8h6m-6 4h6M5 17.5h14"/>',
    "test": '<path d="M7 3.5h7l4.5 4.5v12.5H7a1.5 1.5 0 0 1-1.5-1.5V5A1.5 1.5 0 0 1 7 3.5Z"/>'
    '<path d="M13.5 3.5v5h5m-10 5.5 2.3 2.3 4-4.3"/>',
    "control": '<path d="m3.5 6.3 1.6 1.6L8 4.9m-4.5 7.9 1.6 1.6L8 11.4m-4.5 7.9 1.6 1.6L8 17.9"/>'
    '<path d="M12 6.5h8.5M12 13h8.5M12 19.5h8.5"/>',
    "history": '<path d="M4 12a8 8 0 1 0 2.6-5.9L4 8.5"/><path d="M4 4v4.5h4.5M12 8v4.3l3 1.9"/>',
    "operations": '<path d="M2.5 12.5h4l3 7.5 5-16 3 8.5h4"/>',
    "settings": '<path d="M4 7h8m5 0h3M4 17h3m5 0h8"/>'
    '<circle cx="14.5" cy="7" r="2.5"/><circle cx="9.5" cy="17" r="2.5"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6"/>',
    "group": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5c.6-3.5 3-5.3 6.5-5.3s5.9 1.8 6.5 5.3"/>'
    '<path d="M15.5 5.3a3.5 3.5 0 0 1 0 6.4m2.2 3c2 .7 3.3 2.3 3.8 4.8"/>',
    "school": '<path d="M3 20.5h18M5 20.5V9.5l7-5 7 5v11"/><path d="M10 20.5v-5h4v5M12 9.5v.2"/>',
    "file": '<path d="M7 3.5h7l4.5 4.5v12.5H7a1.5 1.5 0 0 1-1.5-1.5V5A1.5 1.5 0 0 1 7 3.5Z"/><path d="M13.5 3.5v5h5"/>',
    "mail": '<rect x="3" y="5.5" width="18" height="13" rx="1.5"/><path d="m4 7 8 6 8-6"/>',
    # which environment, and light or dark
    "produktion": '<circle cx="12" cy="12" r="2.5" fill="currentColor"/>'
    '<path d="M7.4 16.6a6.5 6.5 0 0 1 0-9.2m9.2 0a6.5 6.5 0 0 1 0 9.2M4.6 19.4a10.5 10.5 0 0 1 0-14.8m14.8 0'
    'a10.5 10.5 0 0 1 0 14.8"/>',
    "verifieringstest": '<path d="M9 3.5h6m-5 0v6L4.8 18a1.7 1.7 0 0 0 1.5 2.5h11.4'
    'a1.7 1.7 0 0 0 1.5-2.5L14 9.5v-6M7.5 14.5h9"/>',
    "simulator": '<rect x="3" y="4.5" width="18" height="12" rx="1.5"/>'
    '<path d="M8.5 20.5h7M12 16.5v4m-2-12.5 4 2.5-4 2.5Z"/>',
    "light": '<circle cx="12" cy="12" r="4"/>'
    '<path d="M12 2.5v2m0 15v2M2.5 12h2m15 0h2M5.3 5.3l1.4 1.4m10.6 10.6 1.4 1.4m0-13.4-1.4 1.4M6.7 17.3l-1.4 1.4"/>',
    "dark": '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z"/>',
    "auto": '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5a8.5 8.5 0 0 1 0 17Z" fill="currentColor"/>',
}
"""Name → what stands inside the `<svg>`."""
