"""What all pages share: the frame, login, lists, Excel, states and errors."""
