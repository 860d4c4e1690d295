"""What a picture shows: functions over frames, with no files and no sockets."""
